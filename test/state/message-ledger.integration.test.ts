import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { MessageLedger } from '../../workers/messaging/ledger.ts';
import { RedisMessageLedger } from '../../workers/state/message-ledger.ts';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { errorCode, platformError } from './error-code.ts';
import { recordedLog } from './recorded-log.ts';

let server: TestRedis;
let redis: Redis;
let connections: RedisConnection[];
let ledger: RedisMessageLedger;
let elsewhere: RedisMessageLedger;

beforeAll(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  connections = [1, 2].map(() => new RedisConnection({ REDIS_URL: server.url }, recordedLog()));
  const [first, second] = connections.map((connection) => new RedisMessageLedger(connection));
  if (first === undefined || second === undefined) throw new Error('two connections are needed');
  ledger = first;
  elsewhere = second;
});

afterEach(() => redis.flushall());

afterAll(async () => {
  for (const connection of connections) await connection.close();
  redis.disconnect();
  await server.remove();
});

/** Runs each step twice: a repetition must change nothing. */
async function twice(step: () => Promise<unknown>): Promise<void> {
  await step();
  await step();
}

describe('the ledger of messages', () => {
  it('is one that the message runtime can use', () => {
    const forMessaging: MessageLedger = ledger;
    expect(forMessaging).toBe(ledger);
  });

  it('counts a message on its way from published to done, each step once', async () => {
    await twice(() => ledger.published('q', 'm1'));
    expect(await ledger.accounts()).toEqual({ q: { published: 1, done: 0, dead: 0, dropped: 0 } });
    expect(await ledger.received('q', 'm1')).toBe('open');
    expect(await ledger.received('q', 'm1')).toBe('open');
    await twice(() => ledger.settled('q', 'm1', 'done'));
    expect(await ledger.received('q', 'm1')).toBe('settled');
    await ledger.published('q', 'm1');
    expect(await elsewhere.accounts()).toEqual({ q: { published: 1, done: 1, dead: 0, dropped: 0 } });
  });

  it('counts a message that it first hears of when it is received or settled', async () => {
    expect(await ledger.received('q', 'foreign')).toBe('open');
    await ledger.settled('q', 'crashed', 'done');
    await ledger.published('q', 'foreign');
    await ledger.published('q', 'crashed');
    expect(await ledger.accounts()).toEqual({ q: { published: 2, done: 1, dead: 0, dropped: 0 } });
  });

  it('keeps a settled message as what it was settled first', async () => {
    await ledger.settled('q', 'm1', 'dead');
    await ledger.settled('q', 'm1', 'done');
    await ledger.settled('q', 'm2', 'done');
    await ledger.settled('q', 'm2', 'dead');
    expect(await ledger.accounts()).toEqual({ q: { published: 2, done: 1, dead: 1, dropped: 0 } });
  });

  it('opens a dead message again for its replay', async () => {
    await ledger.settled('q', 'm1', 'dead');
    await twice(() => ledger.reopened('q', 'm1'));
    expect(await ledger.accounts()).toEqual({ q: { published: 1, done: 0, dead: 0, dropped: 0 } });
    expect(await ledger.received('q', 'm1')).toBe('open');
    await ledger.settled('q', 'm1', 'done');
    await ledger.reopened('q', 'm1');
    expect(await ledger.received('q', 'm1')).toBe('settled');
    expect(await ledger.accounts()).toEqual({ q: { published: 1, done: 1, dead: 0, dropped: 0 } });
  });

  it('does not invent a message that is reopened or dropped', async () => {
    await ledger.reopened('q', 'unknown');
    await ledger.dropped('q', 'unknown');
    expect(await ledger.accounts()).toEqual({});
    expect(await redis.keys('*')).toEqual([]);
  });

  it('counts a dead letter that was thrown away, also one the broker itself had dead-lettered', async () => {
    await ledger.settled('q', 'm1', 'dead');
    await ledger.published('q', 'm2');
    await twice(() => ledger.dropped('q', 'm1'));
    await twice(() => ledger.dropped('q', 'm2'));
    await ledger.settled('q', 'm3', 'done');
    await ledger.dropped('q', 'm3');
    expect(await ledger.accounts()).toEqual({ q: { published: 3, done: 1, dead: 0, dropped: 2 } });
    expect(await ledger.received('q', 'm1')).toBe('settled');
  });

  it('tells the queues apart, also for the same message id', async () => {
    await ledger.settled('q', 'm1', 'done');
    expect(await ledger.received('other:queue', 'm1')).toBe('open');
    expect(await ledger.accounts()).toEqual({
      q: { published: 1, done: 1, dead: 0, dropped: 0 },
      'other:queue': { published: 1, done: 0, dead: 0, dropped: 0 },
    });
  });

  it('takes any message id', async () => {
    const ids = ['', ' ', 'payment_process:order-1', '🍕', '\0\r\n', '{x}', 'x'.repeat(10_000)];
    await Promise.all(ids.map((id) => ledger.settled('q', id, 'done')));
    for (const id of ids) expect(await ledger.received('q', id)).toBe('settled');
    expect(await ledger.accounts()).toMatchObject({ q: { published: ids.length, done: ids.length } });
  });

  it('settles a message once when many do it at once', async () => {
    await Promise.all(
      Array.from({ length: 400 }, (_, i) =>
        (i % 2 === 0 ? ledger : elsewhere).settled('q', 'm1', i % 3 === 0 ? 'dead' : 'done'),
      ),
    );
    const { q } = await ledger.accounts();
    expect(q?.published).toBe(1);
    expect((q?.done ?? 0) + (q?.dead ?? 0)).toBe(1);
  });

  it('closes its accounts after thousands of messages whose every step is repeated', async () => {
    const ids = Array.from({ length: 2_000 }, (_, i) => `m${i}`);
    await Promise.all(
      ids.flatMap((id, i) => [
        ledger.published('q', id),
        elsewhere.received('q', id),
        elsewhere.settled('q', id, i % 10 === 0 ? 'dead' : 'done'),
        ledger.settled('q', id, i % 10 === 0 ? 'dead' : 'done'),
      ]),
    );
    expect(await ledger.accounts()).toEqual({ q: { published: 2_000, done: 1_800, dead: 200, dropped: 0 } });
  });

  it('sends the entries of one turn together, in their order', async () => {
    await redis.config('RESETSTAT');
    const states = await Promise.all(
      Array.from({ length: 100 }, (_, i) => [
        ledger.received('q', `m${i}`),
        ledger.settled('q', `m${i}`, 'done'),
        ledger.received('q', `m${i}`),
      ]).flat(),
    );
    expect(states.filter((state) => state === 'settled')).toHaveLength(100);
    expect(states.filter((state) => state === 'open')).toHaveLength(100);
    const stats = await redis.info('commandstats');
    const calls = [...stats.matchAll(/cmdstat_eval(?:sha)?:calls=(\d+)/g)].map(([, count]) => Number(count));
    expect(calls.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  it('rejects only the message whose key was tampered with', async () => {
    await redis.set('message:broken', 'x');
    const [broken, fine] = await Promise.allSettled([
      ledger.received('q', 'broken'),
      ledger.received('q', 'fine'),
    ]);
    expect(broken.status === 'rejected' && broken.reason).toMatchObject({
      code: 'RECORD_CORRUPT',
      message: expect.stringContaining('message:broken'),
    });
    expect(fine).toEqual({ status: 'fulfilled', value: 'open' });
  });

  it.each([
    { what: 'counts something that is no number', field: 'done:q', value: 'many' },
    { what: 'has an account nobody knows', field: 'lost:q', value: '1' },
  ])('does not show accounts where Redis $what', async ({ field, value }) => {
    await redis.hset('messages:accounts', field, value);
    expect(await platformError(ledger.accounts())).toMatchObject({
      code: 'RECORD_CORRUPT',
      details: { key: 'messages:accounts' },
    });
  });

  it('changes no message where the accounts cannot be changed', async () => {
    await redis.set('messages:accounts', 'x');
    expect(await errorCode(ledger.settled('q', 'm1', 'done'))).toBe('RECORD_CORRUPT');
    expect(await redis.exists('message:m1')).toBe(0);
  });

  it('fails while Redis is away, and counts right when the failed steps are repeated', async () => {
    const ids = Array.from({ length: 300 }, (_, i) => `m${i}`);
    const underWay = Promise.allSettled(ids.map((id) => ledger.settled('q', id, 'done')));
    await server.kill();
    const results = await underWay;
    expect(await errorCode(ledger.settled('q', 'm0', 'done'))).toBe('STATE_UNAVAILABLE');
    for (const result of results) {
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'STATE_UNAVAILABLE' });
    }
    await server.start();
    await eventually(async () => expect(await connections[0]?.ready()).toBe(true));
    await Promise.all(ids.map((id) => ledger.settled('q', id, 'done')));
    expect(await ledger.accounts()).toEqual({ q: { published: 300, done: 300, dead: 0, dropped: 0 } });
  });
});
