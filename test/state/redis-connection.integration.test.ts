import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { RedisConnection, type RedisConnectionListeners } from '../../workers/state/redis-connection.ts';
import type { RedisScript } from '../../workers/state/redis-script.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { errorCode, platformError } from './error-code.ts';
import { type RecordedLog, recordedLog } from './recorded-log.ts';

const increment: RedisScript<number> = {
  name: 'increment',
  lua: "return redis.call('INCRBY', KEYS[1], ARGV[1])",
  reply: z.int(),
};

let server: TestRedis;
let log: RecordedLog;
const toClose: (() => Promise<void>)[] = [];

beforeEach(async () => {
  server = await startTestRedis();
  log = recordedLog();
});

afterEach(async () => {
  for (const close of toClose.splice(0)) await close();
  await server.remove();
});

function connectTo(url: string, listeners?: RedisConnectionListeners): RedisConnection {
  const connection = new RedisConnection({ REDIS_URL: url }, log, listeners);
  toClose.push(() => connection.close());
  return connection;
}

async function proxied(): Promise<{ proxy: TcpProxy; connection: RedisConnection }> {
  const proxy = await startTcpProxy(server.port);
  const connection = connectTo(`redis://127.0.0.1:${proxy.port}`);
  toClose.push(() => proxy.close());
  await eventually(() => connection.run((redis) => redis.ping()));
  return { proxy, connection };
}

/** A generous bound: the answer is due within two seconds and the machine may be busy. */
const soonMs = 8_000;

async function within<T>(ms: number, work: () => Promise<T>): Promise<T> {
  const began = Date.now();
  const result = await work();
  expect(Date.now() - began).toBeLessThan(ms);
  return result;
}

describe('a connection to Redis', () => {
  it('takes commands right after it was opened', async () => {
    const connection = connectTo(server.url);
    expect(await connection.run((redis) => redis.set('a', '1'))).toBe('OK');
    expect(await connection.ready()).toBe(true);
  });

  it('fails at once while the server is away, and works again when it is back with its data', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.set('a', '1'));
    await server.kill();
    const error = await within(soonMs, () => platformError(connection.run((redis) => redis.get('a'))));
    expect(error.code).toBe('STATE_UNAVAILABLE');
    // Later in the outage nobody waits any more.
    await eventually(() => {
      expect(log.lines.some(({ fields }) => JSON.stringify(fields).includes('ECONNREFUSED'))).toBe(true);
    });
    await errorCode(connection.run((redis) => redis.get('a')));
    const codes = await within(soonMs, () =>
      Promise.all(Array.from({ length: 1_000 }, () => errorCode(connection.run((redis) => redis.get('a'))))),
    );
    expect(new Set(codes)).toEqual(new Set(['STATE_UNAVAILABLE']));
    expect(await connection.ready()).toBe(false);

    await server.start();
    await eventually(async () => expect(await connection.ready()).toBe(true));
    expect(await connection.run((redis) => redis.get('a'))).toBe('1');
  });

  it('can be opened before the server is there', async () => {
    await server.kill();
    const connection = connectTo(server.url);
    expect(await within(soonMs, () => errorCode(connection.run((redis) => redis.ping())))).toBe(
      'STATE_UNAVAILABLE',
    );
    await server.start();
    await eventually(async () => expect(await connection.run((redis) => redis.ping())).toBe('PONG'));
  });

  it('says once in its log why it cannot connect, and that it is back', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.ping());
    await server.kill();
    await eventually(() => expect(JSON.stringify(log.lines)).toContain('ECONNREFUSED'));
    await server.start();
    await eventually(() => {
      expect(log.lines.filter(({ message }) => message === 'connected to Redis')).toHaveLength(2);
    });
    const reasons = log.lines
      .filter(({ level }) => level === 'warn')
      .map(({ fields }) => JSON.stringify(fields));
    expect(new Set(reasons).size).toBe(reasons.length);
  });

  it('sends a command at most once: one that was under way when the server died is not repeated', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.set('count', '0'));
    const blocked = errorCode(connection.run((redis) => redis.blpop('nothing', 60)));
    const counted = connection
      .run((redis) => redis.incr('count'))
      .then(
        () => 1,
        () => 0,
      );
    await server.kill();
    expect(await within(soonMs, () => blocked)).toBe('STATE_UNAVAILABLE');
    await server.start();
    await eventually(async () => expect(await connection.ready()).toBe(true));
    const stored = Number(await connection.run((redis) => redis.get('count')));
    expect(stored).toBeLessThanOrEqual(1);
    expect(stored).toBeGreaterThanOrEqual(await counted);
  });

  it('answers while the server is silent, and leaves the half-open connection by itself', async () => {
    const { proxy, connection } = await proxied();
    proxy.swallow();
    expect(await within(soonMs, () => errorCode(connection.run((redis) => redis.ping())))).toBe(
      'STATE_UNAVAILABLE',
    );
    proxy.restore();
    await eventually(async () => expect(await connection.run((redis) => redis.ping())).toBe('PONG'));
    expect(proxy.accepted).toBeGreaterThan(1);
  });

  it('notices a half-open connection also when nobody uses it', async () => {
    const { proxy } = await proxied();
    proxy.swallow();
    proxy.restore();
    await eventually(() => expect(proxy.accepted).toBeGreaterThan(1));
  });

  it('survives connections that are cut again and again', async () => {
    const { proxy, connection } = await proxied();
    for (let i = 0; i < 5; i++) {
      proxy.cut();
      await eventually(async () => expect(await connection.run((redis) => redis.ping())).toBe('PONG'));
    }
  });

  it('hides a short interruption from commands that come after it was noticed', async () => {
    const { proxy, connection } = await proxied();
    for (let i = 0; i < 5; i++) {
      proxy.cut();
      while (await connection.ready()) await nextTurn();
      await nextTurn();
      expect(await connection.run((redis) => redis.ping())).toBe('PONG');
    }
  });

  it('tells its owner each time it can be used', async () => {
    let readied = 0;
    const connection = connectTo(server.url, {
      onReady: () => {
        readied += 1;
      },
    });
    await connection.run((redis) => redis.ping());
    expect(readied).toBe(1);
    await server.kill();
    await server.start();
    await eventually(() => expect(readied).toBe(2));
  });
});

describe('a script', () => {
  it('runs by its digest, and again after the server has forgotten it', async () => {
    const connection = connectTo(server.url);
    expect(await connection.script(increment, ['n'], [2])).toBe(2);
    expect(await connection.script(increment, ['n'], [3])).toBe(5);
    await connection.run((redis) => redis.script('FLUSH'));
    expect(await connection.script(increment, ['n'], [1])).toBe(6);
    await server.kill();
    await server.start();
    await eventually(async () => expect(await connection.script(increment, ['n'], [0])).toBe(6));
  });

  it('runs many times at once after the server has forgotten it', async () => {
    const connection = connectTo(server.url);
    await connection.script(increment, ['n'], [0]);
    await connection.run((redis) => redis.script('FLUSH'));
    await Promise.all(Array.from({ length: 100 }, () => connection.script(increment, ['n'], [1])));
    expect(await connection.run((redis) => redis.get('n'))).toBe('100');
  });

  it('that is wrong fails as what it is', async () => {
    const connection = connectTo(server.url);
    const wrong: RedisScript<number> = { name: 'wrong', lua: 'return nothing.here', reply: z.int() };
    await expect(connection.script(wrong, [], [])).rejects.toThrow(/nonexistent global variable/);
    const unexpected: RedisScript<number> = { name: 'text', lua: "return 'text'", reply: z.int() };
    await expect(connection.script(unexpected, [], [])).rejects.toThrow(/expected number/i);
  });

  it('on a key of the wrong type fails with the name of the key', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.rpush('list', 'x'));
    const error = await platformError(connection.script(increment, ['list'], [1]));
    expect(error).toMatchObject({ code: 'RECORD_CORRUPT', details: { keys: ['list'] } });
  });
});

describe('a server that cannot serve', () => {
  it('because it is full is STATE_UNAVAILABLE, also for a script', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.config('SET', 'maxmemory', '1'));
    expect(await errorCode(connection.run((redis) => redis.set('a', '1')))).toBe('STATE_UNAVAILABLE');
    expect(await errorCode(connection.script(increment, ['n'], [1]))).toBe('STATE_UNAVAILABLE');
    await connection.run((redis) => redis.config('SET', 'maxmemory', '0'));
    expect(await connection.script(increment, ['n'], [1])).toBe(1);
  });

  it('because it became a replica is left for the one that its name leads to', async () => {
    const primary = await startTestRedis();
    toClose.push(() => primary.remove());
    let readied = 0;
    const connection = connectTo(server.url, {
      onReady: () => {
        readied += 1;
      },
    });
    await connection.run((redis) => redis.replicaof('127.0.0.1', primary.port));
    expect(await errorCode(connection.script(increment, ['n'], [1]))).toBe('STATE_UNAVAILABLE');
    await eventually(() => expect(readied).toBeGreaterThan(1));
    await eventually(() => connection.run((redis) => redis.replicaof('NO', 'ONE')));
    await eventually(async () => expect(await connection.script(increment, ['n'], [0])).toBe(0));
  });

  it('because a script runs too long is STATE_UNAVAILABLE', async () => {
    const [connection, other] = [connectTo(server.url), connectTo(server.url)];
    await other.run((redis) => redis.config('SET', 'busy-reply-threshold', '1'));
    const endless: RedisScript<number> = { name: 'endless', lua: 'while true do end', reply: z.int() };
    const running = connection.script(endless, [], []).catch((error: unknown) => error);
    expect(await eventually(() => platformError(other.run((redis) => redis.get('a'))))).toMatchObject({
      code: 'STATE_UNAVAILABLE',
      message: expect.stringContaining('BUSY'),
    });
    await other.run((redis) => redis.script('KILL'));
    await running;
    expect(await other.ready()).toBe(true);
  });

  it('because it wants a password is STATE_UNAVAILABLE, with the reason in the log, until it is given one', async () => {
    const admin = connectTo(server.url);
    await admin.run((redis) => redis.config('SET', 'requirepass', 'p@ss word'));
    const without = connectTo(server.url);
    expect(await errorCode(without.run((redis) => redis.ping()))).toBe('STATE_UNAVAILABLE');
    expect(JSON.stringify(log.lines)).toContain('NOAUTH');
    const wrong = connectTo(`redis://:wrong-secret@127.0.0.1:${server.port}`);
    expect(await errorCode(wrong.run((redis) => redis.ping()))).toBe('STATE_UNAVAILABLE');
    expect(JSON.stringify(log.lines)).toContain('WRONGPASS');
    expect(JSON.stringify(log.lines)).not.toContain('wrong-secret');
    const given = connectTo(`redis://:${encodeURIComponent('p@ss word')}@127.0.0.1:${server.port}`);
    expect(await given.run((redis) => redis.ping())).toBe('PONG');
  });
});

describe('closing a connection', () => {
  it('waits for the answers under way and refuses later commands', async () => {
    const connection = connectTo(server.url);
    await connection.run((redis) => redis.ping());
    const underWay = Array.from({ length: 100 }, () => connection.script(increment, ['n'], [1]));
    // A turn of the microtasks hands the commands to the library.
    await Promise.resolve();
    await connection.close();
    await Promise.all(underWay);
    expect(await errorCode(connection.run((redis) => redis.ping()))).toBe('STATE_UNAVAILABLE');
    expect(await connection.ready()).toBe(false);
    await connection.close();
  });

  it('ends also while the server is away, and with it whoever waits', async () => {
    await server.kill();
    const connection = connectTo(server.url);
    const waiting = errorCode(connection.run((redis) => redis.ping()));
    await within(soonMs, () => connection.close());
    expect(await waiting).toBe('STATE_UNAVAILABLE');
  });
});
