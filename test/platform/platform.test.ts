import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { PlatformError } from '../../workers/platform/errors.ts';
import { definePlatform, type Platform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';

/** The declared platform with one more queue. */
function withQueue(name: string, change: Partial<Parameters<typeof defineQueue>[0]>): Platform {
  const queue = defineQueue({
    description: 'A queue of a test',
    exchange: 'smarteats.orders',
    consumer: 'order-service',
    payload: z.strictObject({}),
    ...change,
  });
  return { ...smartEats, queues: { ...smartEats.queues, [name]: queue } };
}

describe('the declarations', () => {
  it('name the six queues of the order flow', () => {
    expect(Object.keys(smartEats.queues)).toEqual(
      expect.arrayContaining([
        'order_created',
        'order_confirmed',
        'payment_process',
        'payment_complete',
        'assign_driver',
        'send_notification',
      ]),
    );
  });

  it('use a direct, a fanout and a topic exchange', () => {
    expect(
      Object.values(smartEats.exchanges)
        .map(({ type }) => type)
        .sort(),
    ).toEqual(['direct', 'fanout', 'topic']);
  });

  it('give a payload of every event a routing key that the exchange can route', () => {
    const change = {
      orderId: 'o1',
      userId: 'u1',
      restaurantId: 'r1',
      status: 'created' as const,
      sequence: 1,
      occurredAt: '2026-11-23T12:00:00.000Z',
    };
    expect(smartEats.events.order_status_of_restaurant.routingKey(change)).toBe('order.r1.created');
    expect(smartEats.events.order_status_broadcast.routingKey(change)).toBe('');
  });

  it('fill in what a queue does not say', () => {
    const { retry, prefetch, deliveryLimit } = withQueue('refund', {}).queues['refund'] ?? {};
    expect({ retry, prefetch, deliveryLimit }).toEqual({
      retry: { maxAttempts: 7, maxDelayMs: 300_000 },
      prefetch: 50,
      deliveryLimit: 20,
    });
  });
});

describe('contradictory declarations are refused:', () => {
  const cases: readonly [string, Platform, string][] = [
    [
      'an undeclared exchange',
      withQueue('refund', { exchange: 'nowhere' }),
      'exchange nowhere is not declared',
    ],
    ['an undeclared consumer', withQueue('refund', { consumer: 'nobody' }), 'service nobody is not declared'],
    [
      'a consumer without RabbitMQ',
      withQueue('refund', { consumer: 'auth-service' }),
      'does not use rabbitmq',
    ],
    ['a name that no queue can have', withQueue('Re fund', {}), 'lower case letters'],
    [
      'no attempt at all',
      withQueue('refund', { retry: { maxAttempts: 0, maxDelayMs: 1_000 } }),
      'at least one attempt',
    ],
    [
      'a delay longer than any retry step',
      withQueue('refund', { retry: { maxAttempts: 2, maxDelayMs: 10 * 3_600_000 } }),
      'no retry delay is as long',
    ],
    [
      'a prefetch RabbitMQ cannot have',
      withQueue('refund', { prefetch: 70_000 }),
      'prefetch must be 1 to 65535',
    ],
    [
      'two services on one port',
      {
        ...smartEats,
        services: { ...smartEats.services, twin: { description: '', port: 4000, uses: [], kind: 'product' } },
      },
      'port 4000 belongs to api-gateway',
    ],
    [
      'an event without its exchange',
      { ...smartEats, exchanges: { 'smarteats.orders': smartEats.exchanges['smarteats.orders'] } },
      'event order_status_broadcast: exchange smarteats.order-status is not declared',
    ],
  ];

  it.each(cases)('%s', (_, platform, problem) => {
    expect(() => definePlatform(platform)).toThrow(problem);
  });

  it('with the stable code, and all contradictions at once', () => {
    const platform = withQueue('refund', { exchange: 'nowhere', consumer: 'nobody' });
    try {
      definePlatform(platform);
      throw new Error('the platform was accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(PlatformError);
      expect(error).toMatchObject({
        code: 'PLATFORM_DECLARATION_INVALID',
        details: { problems: [expect.stringContaining('nowhere'), expect.stringContaining('nobody')] },
      });
    }
  });
});
