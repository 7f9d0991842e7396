import { describe, expect, it } from '@jest/globals';
import { reconnectDelayMs, redisOptions } from '../../workers/state/redis-options.ts';

const local = { REDIS_HOST: '10.0.0.5', REDIS_PORT: 6380, REDIS_PASSWORD: undefined };

describe('the options of a connection', () => {
  it('come from host, port and password', () => {
    const { url, options } = redisOptions({ ...local, REDIS_PASSWORD: 'secret' });
    expect(url).toBeUndefined();
    expect(options).toMatchObject({ host: '10.0.0.5', port: 6380, password: 'secret' });
    expect(options.tls).toBeUndefined();
  });

  it('have no password where none, or an empty one, is given', () => {
    expect('password' in redisOptions(local).options).toBe(false);
    expect('password' in redisOptions({ ...local, REDIS_PASSWORD: '' }).options).toBe(false);
  });

  it('take an IPv6 address with or without brackets', () => {
    expect(redisOptions({ ...local, REDIS_HOST: '[::1]' }).options.host).toBe('::1');
    expect(redisOptions({ ...local, REDIS_HOST: '::1' }).options.host).toBe('::1');
  });

  it('come from the URL where there is one, whatever host and port say', () => {
    const { url, options } = redisOptions({
      ...local,
      REDIS_URL: 'redis://user:p%40ss@redis.example:7000/2',
    });
    expect(url).toBe('redis://user:p%40ss@redis.example:7000/2');
    expect(options.host).toBeUndefined();
    expect(options.tls).toBeUndefined();
  });

  it('ask for TLS by a rediss URL, naming the server so that its certificate can be chosen', () => {
    expect(redisOptions({ REDIS_URL: 'rediss://redis.example:7000' }).options.tls).toEqual({
      servername: 'redis.example',
    });
  });

  it('send no server name for an address, which TLS does not allow', () => {
    expect(redisOptions({ REDIS_URL: 'rediss://10.0.0.5' }).options.tls).toEqual({});
    expect(redisOptions({ REDIS_URL: 'rediss://[::1]:7000' }).options.tls).toEqual({});
  });

  it('never keep or repeat a command whose caller was told that it failed', () => {
    expect(redisOptions(local).options).toMatchObject({
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: 2_000,
    });
  });

  it('leave a server that became read-only, and only for that error', () => {
    const { reconnectOnError } = redisOptions(local).options;
    expect(reconnectOnError?.(new Error("READONLY You can't write against a read only replica."))).toBe(true);
    expect(reconnectOnError?.(new Error('WRONGTYPE Operation against a key'))).toBe(false);
  });
});

describe('the delay before a reconnection', () => {
  it('grows from at most 50 ms to at most 2 s and never ends', () => {
    const slowest = [1, 2, 3, 7, 100, 1_000_000].map((attempt) => reconnectDelayMs(attempt, () => 1));
    expect(slowest).toEqual([50, 100, 200, 2_000, 2_000, 2_000]);
  });

  it('is spread over half of its length', () => {
    expect(reconnectDelayMs(10, () => 0)).toBe(1_000);
    expect(reconnectDelayMs(10, () => 0.5)).toBe(1_500);
  });

  it('is what the connection uses', () => {
    const delay = redisOptions(local).options.retryStrategy?.(50);
    expect(delay).toBeGreaterThanOrEqual(1_000);
    expect(delay).toBeLessThanOrEqual(2_000);
  });
});
