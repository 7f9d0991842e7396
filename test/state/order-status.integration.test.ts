import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import type { OrderStatusChanged } from '../../workers/platform/payloads.ts';
import { RedisOrderStatusBoard } from '../../workers/state/order-status.ts';
import { RedisConnection } from '../../workers/state/redis-connection.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { errorCode, platformError } from './error-code.ts';
import { type RecordedLog, recordedLog } from './recorded-log.ts';
import { sampleStatus } from './samples.ts';

let server: TestRedis;
let redis: Redis;
let log: RecordedLog;
let board: RedisOrderStatusBoard;
const toClose: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startTestRedis();
  redis = new Redis(server.url);
  redis.on('error', () => {});
  log = recordedLog();
  board = openBoard(server.url);
});

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
  redis.disconnect();
  await server.remove();
});

/** A board with connections of its own, as another process has it; `watchUrl` is where its subscriptions go. */
function openBoard(url: string, watchUrl = url): RedisOrderStatusBoard {
  const connection = new RedisConnection({ REDIS_URL: url }, log);
  const opened = new RedisOrderStatusBoard(connection, { REDIS_URL: watchUrl }, log);
  toClose.push(async () => {
    await opened.close();
    await connection.close();
  });
  return opened;
}

const change = (sequence: number) => sampleStatus({ orderId: 'o1', sequence });

/** Watches an order and keeps the sequences it was told. */
async function follow(on: RedisOrderStatusBoard, orderId = 'o1') {
  const told: number[] = [];
  const end = await on.watch(orderId, ({ sequence }) => told.push(sequence));
  return { told, end };
}

async function backAgain(): Promise<void> {
  await server.start();
  await eventually(() => board.get('o1'));
}

describe('the live status of an order', () => {
  it('is the latest that was set', async () => {
    expect(await board.get('o1')).toBeUndefined();
    expect(await board.set(change(1))).toBe(true);
    expect(await board.set({ ...change(2), status: 'paid' })).toBe(true);
    expect(await openBoard(server.url).get('o1')).toEqual({ ...change(2), status: 'paid' });
  });

  it('does not go back when an earlier change, or the same again, comes late', async () => {
    await board.set(change(3));
    expect(await board.set(change(2))).toBe(false);
    expect(await board.set({ ...change(3), status: 'delivered' })).toBe(false);
    expect(await board.get('o1')).toEqual(change(3));
    expect(await redis.ttl('order:status:o1')).toBeGreaterThan(6 * 86_400);
  });

  it('is the highest of many that are set at once', async () => {
    const other = openBoard(server.url);
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => (i % 2 === 0 ? board : other).set(change(((i * 37) % 200) + 1))),
    );
    expect((await board.get('o1'))?.sequence).toBe(200);
  });

  it('that was stored damaged is reported, and replaced by the next change', async () => {
    await redis.set('order:status:o1', '{"sequence":"x"}');
    expect(await platformError(board.get('o1'))).toMatchObject({
      code: 'RECORD_CORRUPT',
      message: expect.stringContaining('order:status:o1'),
    });
    expect(await board.set(change(1))).toBe(true);
    await redis.set('order:status:o1', 'gibberish');
    expect(await board.set(change(1))).toBe(true);
    expect(await board.get('o1')).toEqual(change(1));
  });
});

describe('a watch on an order', () => {
  it('begins with the status there is and goes on with every change', async () => {
    await board.set(change(1));
    const { told } = await follow(openBoard(server.url));
    expect(told).toEqual([1]);
    for (const sequence of [2, 3, 4]) await board.set(change(sequence));
    await eventually(() => expect(told).toEqual([1, 2, 3, 4]));
  });

  it('may begin before the order has any status', async () => {
    const { told } = await follow(openBoard(server.url));
    expect(told).toEqual([]);
    await board.set(change(1));
    await eventually(() => expect(told).toEqual([1]));
  });

  it('gets the whole change, of its order only', async () => {
    const changes: OrderStatusChanged[] = [];
    await board.watch('o1', (seen) => changes.push(seen));
    await board.set(sampleStatus({ orderId: 'o2' }));
    await board.set(change(1));
    await eventually(() => expect(changes).toEqual([change(1)]));
  });

  it('misses nothing and gets nothing twice or out of order while changes pour in', async () => {
    const other = openBoard(server.url);
    let last = 0;
    const pouring = (async () => {
      for (let sequence = 1; sequence <= 300; sequence++) await board.set(change(sequence));
      last = 300;
    })();
    const watches: Awaited<ReturnType<typeof follow>>[] = [];
    while (last === 0) watches.push(await follow(other));
    await pouring;
    watches.push(await follow(other));
    for (const { told } of watches) {
      const first = told[0] ?? 0;
      await eventually(() => expect(told).toEqual(Array.from({ length: 301 - first }, (_, i) => first + i)));
    }
    expect(watches.length).toBeGreaterThan(2);
  });

  it('gets no late or repeated message that somebody publishes', async () => {
    await board.set(change(5));
    const { told } = await follow(board);
    for (const sequence of [4, 5, 6, 6, 2]) {
      await redis.publish('order:status:o1', JSON.stringify(change(sequence)));
    }
    await board.set(change(7));
    await eventually(() => expect(told).toEqual([5, 6, 7]));
  });

  it('survives messages that cannot be read, and says so in the log', async () => {
    const { told } = await follow(board);
    for (const text of ['gibberish', '{}', 'null', '']) await redis.publish('order:status:o1', text);
    await board.set(change(1));
    await eventually(() => expect(told).toEqual([1]));
    expect(log.lines.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(4);
  });

  it('is not disturbed by another one that throws', async () => {
    await board.watch('o1', () => {
      throw new Error('the stream is gone');
    });
    const { told } = await follow(board);
    await board.set(change(1));
    await eventually(() => expect(told).toEqual([1]));
    expect(JSON.stringify(log.lines)).toContain('the stream is gone');
  });

  it('gets nothing after it ended, while others go on', async () => {
    const first = await follow(board);
    const second = await follow(board);
    await first.end();
    await first.end();
    await board.set(change(1));
    await eventually(() => expect(second.told).toEqual([1]));
    expect(first.told).toEqual([]);
    expect(await redis.pubsub('NUMSUB', 'order:status:o1')).toEqual(['order:status:o1', 1]);
    await second.end();
    expect(await redis.pubsub('NUMSUB', 'order:status:o1')).toEqual(['order:status:o1', 0]);
  });

  it('works when it begins while another one ends', async () => {
    let current = await follow(board);
    for (let sequence = 1; sequence <= 50; sequence++) {
      const [next] = await Promise.all([follow(board), current.end()]);
      current = next;
      await board.set(change(sequence));
      await eventually(() => expect(current.told.at(-1)).toBe(sequence));
    }
  });

  it('shares one connection and one subscription with all others', async () => {
    const watches = await Promise.all(Array.from({ length: 200 }, () => follow(board)));
    await Promise.all(Array.from({ length: 100 }, (_, i) => follow(board, `other-${i}`)));
    await board.set(change(1));
    for (const { told } of watches) await eventually(() => expect(told).toEqual([1]));
    const clients = String(await redis.client('LIST'));
    expect(clients.match(/name=smarteats/g)).toHaveLength(2);
    expect(clients).toContain('sub=101');
  });
});

describe('a watch during an outage', () => {
  it('catches up with a change whose message it never got, then goes on', async () => {
    await board.set(change(1));
    const { told } = await follow(board);
    const quiet = await follow(board, 'without-status');
    // Stored without being published, as a change is that happens while the subscription is away.
    await redis.set('order:status:o1', JSON.stringify(change(2)));
    await server.kill();
    await backAgain();
    await eventually(() => expect(told).toEqual([1, 2]));
    await board.set(change(3));
    await eventually(() => expect(told).toEqual([1, 2, 3]));
    expect(quiet.told).toEqual([]);
  });

  it('survives several outages in a row', async () => {
    const { told } = await follow(board);
    for (let sequence = 1; sequence <= 3; sequence++) {
      await server.kill();
      await server.start();
      await eventually(() => board.set(change(sequence)));
      await eventually(() => expect(told.at(-1)).toBe(sequence));
    }
    expect(told).toEqual([1, 2, 3]);
  });

  it('catches up after its half-open connection was noticed', async () => {
    const proxy = await startTcpProxy(server.port);
    const watching = openBoard(server.url, `redis://127.0.0.1:${proxy.port}`);
    const { told } = await follow(watching);
    proxy.swallow();
    await board.set(change(1));
    proxy.restore();
    await eventually(() => expect(told).toEqual([1]));
    await board.set(change(2));
    await eventually(() => expect(told).toEqual([1, 2]));
    toClose.push(() => proxy.close());
  });

  it('catches up on hundreds of orders, a damaged one among them', async () => {
    const ids = Array.from({ length: 450 }, (_, i) => `o-${i}`);
    const watches = await Promise.all(ids.map((orderId) => follow(board, orderId)));
    const damaged = await follow(board, 'damaged');
    await redis.set('order:status:damaged', 'gibberish');
    for (const orderId of ids) {
      await redis.set(`order:status:${orderId}`, JSON.stringify(sampleStatus({ orderId })));
    }
    await server.kill();
    await backAgain();
    for (const { told } of watches) await eventually(() => expect(told).toEqual([1]));
    expect(damaged.told).toEqual([]);
  });

  it('cannot begin, and leaves nothing behind', async () => {
    await server.kill();
    expect(await errorCode(follow(board))).toBe('STATE_UNAVAILABLE');
    await backAgain();
    const { told } = await eventually(() => follow(board));
    await board.set(change(1));
    await eventually(() => expect(told).toEqual([1]));
    expect(await redis.pubsub('NUMSUB', 'order:status:o1')).toEqual(['order:status:o1', 1]);
  });

  it('can end, and does not come back', async () => {
    const { told, end } = await follow(board);
    await server.kill();
    await end();
    await backAgain();
    await board.set(change(1));
    await eventually(() => follow(board, 'another'));
    expect(told).toEqual([]);
    expect(await redis.pubsub('NUMSUB', 'order:status:o1')).toEqual(['order:status:o1', 0]);
  });
});
