import { describe, expect, it } from '@jest/globals';
import { redisKey, redisKeys } from '../../workers/platform/redis-keys.ts';

describe('Redis keys', () => {
  it('follow their patterns', () => {
    expect(redisKey('session', { userId: 'u1' })).toBe('session:u1');
    expect(redisKey('rate', { ip: '10.0.0.1' })).toBe('rate:10.0.0.1');
    expect(redisKey('restaurantCache', { id: 'r1' })).toBe('cache:restaurant:r1');
    expect(redisKey('menuCache', { restaurantId: 'r1' })).toBe('cache:menu:r1');
    expect(redisKey('orderStatus', { orderId: 'o1' })).toBe('order:status:o1');
    expect(redisKey('ordersOfRestaurant', { restaurantId: 'r1', status: 'paid' })).toBe(
      'orders:restaurant:r1:paid',
    );
    expect(redisKey('messageAccounts', {})).toBe('messages:accounts');
  });

  it('keep a parameter as it is, whatever characters it has', () => {
    expect(redisKey('rate', { ip: '$& {ip} ::1' })).toBe('rate:$& {ip} ::1');
  });

  it('of different families never meet', () => {
    const shapes = Object.values(redisKeys).map(({ pattern }) => pattern.replace(/\{\w+\}/g, '*'));
    expect(new Set(shapes).size).toBe(shapes.length);
  });
});
