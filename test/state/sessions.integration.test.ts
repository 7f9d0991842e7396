import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { createSessions, type Sessions } from '../../workers/state/sessions.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { recordedLog } from './recorded-log.ts';

let server: TestRedis;
let redis: Redis;
let connection: RedisConnection;
let sessions: Sessions;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  connection = new RedisConnection({ REDIS_URL: server.url }, recordedLog());
  sessions = createSessions(connection);
});

afterEach(() => redis.flushall());

afterAll(async () => {
  await connection.close();
  redis.disconnect();
  await server.remove();
});

const day = 24 * 60 * 60 * 1_000;

describe('a session', () => {
  it('is verified by its token for a day', async () => {
    const { token, expiresAt } = await sessions.create('u1', { role: 'restaurant', restaurantId: 'r1' });
    expect(token).toMatch(/^u1\./);
    const session = await sessions.verify(token);
    expect(session).toMatchObject({ userId: 'u1', role: 'restaurant', restaurantId: 'r1', expiresAt });
    expect(expiresAt.getTime() - (session?.issuedAt.getTime() ?? 0)).toBe(day);
  });

  it('of a user without a restaurant has none', async () => {
    const { token } = await sessions.create('u1', { role: 'customer', restaurantId: undefined });
    expect(await sessions.verify(token)).not.toHaveProperty('restaurantId');
  });

  it('is not found by a malformed, foreign or altered token', async () => {
    const { token } = await sessions.create('u1', { role: 'customer' });
    const altered = `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`;
    for (const text of [
      '',
      'u1',
      'u1.x',
      altered,
      token.replace('u1.', 'u2.'),
      token.toUpperCase(),
      `${token} `,
    ]) {
      expect(await sessions.verify(text)).toBeUndefined();
      expect(await sessions.revoke(text)).toBe(false);
    }
    expect(await sessions.verify(token)).toBeDefined();
  });

  it('is stored without its token', async () => {
    const { token } = await sessions.create('u1', { role: 'customer' });
    const stored = JSON.stringify([
      await redis.hgetall('session:u1'),
      await redis.zrange('sessions:active', 0, '-1'),
    ]);
    expect(stored).not.toContain(token);
    expect(stored).not.toContain(token.split('.')[1]);
  });

  it('ends alone when it is revoked', async () => {
    const first = await sessions.create('u1', { role: 'customer' });
    const second = await sessions.create('u1', { role: 'customer' });
    expect(await sessions.revoke(first.token)).toBe(true);
    expect(await sessions.revoke(first.token)).toBe(false);
    expect(await sessions.verify(first.token)).toBeUndefined();
    expect(await sessions.verify(second.token)).toBeDefined();
  });

  it('ends with all of its user when they are revoked together', async () => {
    const mine = [
      await sessions.create('u1', { role: 'driver' }),
      await sessions.create('u1', { role: 'driver' }),
    ];
    const other = await sessions.create('u2', { role: 'driver' });
    expect(await sessions.revokeAll('u1')).toBe(2);
    expect(await sessions.revokeAll('u1')).toBe(0);
    for (const { token } of mine) expect(await sessions.verify(token)).toBeUndefined();
    expect(await sessions.verify(other.token)).toBeDefined();
  });

  it('expires, and its key with it', async () => {
    const brief = createSessions(connection, { lifetimeMs: 200 });
    const { token } = await brief.create('u1', { role: 'customer' });
    await eventually(async () => expect(await sessions.verify(token)).toBeUndefined());
    await eventually(async () => expect(await redis.exists('session:u1')).toBe(0));
    expect(await sessions.countActive()).toBe(0);
  });

  it('outlives a shorter one that its user opens later', async () => {
    const long = await sessions.create('u1', { role: 'customer' });
    const brief = await createSessions(connection, { lifetimeMs: 200 }).create('u1', { role: 'customer' });
    await eventually(async () => expect(await sessions.verify(brief.token)).toBeUndefined());
    expect(await sessions.verify(long.token)).toBeDefined();
    expect(await sessions.countActive()).toBe(1);
  });

  it('expires on time also while a later one keeps the key alive, and is removed when another begins', async () => {
    const brief = await createSessions(connection, { lifetimeMs: 200 }).create('u1', { role: 'customer' });
    const long = await sessions.create('u1', { role: 'customer' });
    await eventually(async () => expect(await sessions.verify(brief.token)).toBeUndefined());
    expect(await redis.hlen('session:u1')).toBe(2);
    await sessions.create('u1', { role: 'customer' });
    expect(await redis.hlen('session:u1')).toBe(2);
    expect(await sessions.verify(long.token)).toBeDefined();
  });

  it('makes room for a new one when its user has too many, the oldest first', async () => {
    const few = createSessions(connection, { perUser: 3 });
    const tokens: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { token } = await few.create('u1', { role: 'customer' });
      tokens.push(token);
      // The next one must be younger by a millisecond at least.
      const issuedAt = (await sessions.verify(token))?.issuedAt.getTime() ?? 0;
      await eventually(() => expect(Date.now()).toBeGreaterThan(issuedAt));
    }
    const live = await Promise.all(tokens.map(async (token) => (await few.verify(token)) !== undefined));
    expect(live).toEqual([false, false, true, true, true]);
  });

  it('stays bounded when a user logs in many times at once', async () => {
    const created = await Promise.all(
      Array.from({ length: 100 }, () => sessions.create('u1', { role: 'customer' })),
    );
    expect(await redis.hlen('session:u1')).toBe(10);
    const live = await Promise.all(created.map(({ token }) => sessions.verify(token)));
    expect(live.filter((session) => session !== undefined)).toHaveLength(10);
  });

  it.each([
    '',
    'x',
    '{"role":"king","issuedAt":1,"expiresAt":9999999999999}',
    '{"role":"customer"}',
    'null',
    '[]',
  ])('that was stored damaged is no session, and goes when the next begins: %s', async (text) => {
    const { token } = await sessions.create('u1', { role: 'customer' });
    const [digest = ''] = await redis.hkeys('session:u1');
    await redis.hset('session:u1', digest, text);
    expect(await sessions.verify(token)).toBeUndefined();
    const next = await sessions.create('u1', { role: 'customer' });
    expect(await sessions.verify(next.token)).toBeDefined();
    expect(await sessions.revoke(next.token)).toBe(true);
  });
});

describe('the number of active users', () => {
  it('counts each user with a live session once', async () => {
    expect(await sessions.countActive()).toBe(0);
    const first = await sessions.create('u1', { role: 'customer' });
    const second = await sessions.create('u1', { role: 'customer' });
    await sessions.create('u2', { role: 'driver' });
    expect(await sessions.countActive()).toBe(2);
    await sessions.revoke(first.token);
    expect(await sessions.countActive()).toBe(2);
    await sessions.revoke(second.token);
    expect(await sessions.countActive()).toBe(1);
    await sessions.revokeAll('u2');
    expect(await sessions.countActive()).toBe(0);
  });

  it('forgets a user whose last session expires, though an earlier one that was revoked would have lived longer', async () => {
    const long = await sessions.create('u1', { role: 'customer' });
    const brief = createSessions(connection, { lifetimeMs: 300 });
    await brief.create('u1', { role: 'customer' });
    await sessions.revoke(long.token);
    await eventually(async () => expect(await sessions.countActive()).toBe(0));
  });

  it('is kept in a set that holds nobody but active users', async () => {
    const brief = createSessions(connection, { lifetimeMs: 100 });
    await Promise.all(Array.from({ length: 50 }, (_, i) => brief.create(`gone-${i}`, { role: 'customer' })));
    await eventually(async () => {
      await sessions.create('u1', { role: 'customer' });
      expect(await redis.zcard('sessions:active')).toBe(1);
    });
  });
});
