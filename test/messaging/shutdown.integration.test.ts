import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../workers/platform/errors.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { MemoryLedger } from '../harness/memory-ledger.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let ledger: MemoryLedger;
let runtimes: TestRuntime[];

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
beforeEach(() => {
  ledger = new MemoryLedger();
  runtimes = [];
});
afterEach(async () => {
  await Promise.all(runtimes.map(({ messaging }) => messaging.close({ graceMs: 2_000 })));
});
afterAll(async () => {
  await raw.close();
  await vhost.drop();
});

function start(url = vhost.url): TestRuntime {
  const runtime = startRuntime(url, { ledger });
  runtimes.push(runtime);
  return runtime;
}

/** A handler that works until it is told to finish. */
function manualHandler() {
  const started: string[] = [];
  const aborted: string[] = [];
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const handler = async (_: unknown, { messageId, signal }: { messageId: string; signal: AbortSignal }) => {
    started.push(messageId);
    signal.addEventListener('abort', () => aborted.push(messageId));
    await finished;
  };
  return { handler, started, aborted, finish: () => finish() };
}

async function put(queue: string, count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    await raw.put(queue, JSON.stringify({ n }), {
      messageId: `${queue}-${n}`,
      contentType: 'application/json',
    });
  }
}

describe('closing the runtime', () => {
  it('lets running handlers finish, and what they publish be confirmed', async () => {
    const first = start();
    const work = manualHandler();
    first.messaging.consume('work', async (payload, delivery) => {
      await work.handler(payload, delivery);
      await first.messaging.publisher.publish('single', { n: 1 }, { messageId: 'follow-up' });
    });
    await put('work', 3);
    await eventually(() => expect(work.started).toHaveLength(3));
    const closed = first.messaging.close({ graceMs: 20_000 });
    await eventually(() => expect(first.messaging.health().queues[0]).toMatchObject({ subscribed: false }));
    work.finish();
    await closed;
    expect(work.aborted).toEqual([]);
    expect(first.told('settled')).toHaveLength(3);
    expect(ledger.accounts('work')).toMatchObject({ done: 3, open: 0 });
    // Their acknowledgements reached the broker: nobody gets them again.
    const second = start();
    second.messaging.consume('work', async () => undefined);
    await eventually(() => expect(second.messaging.health().queues[0]).toMatchObject({ subscribed: true }));
    expect(await raw.count('work')).toBe(0);
    expect(second.told('received')).toEqual([]);
    expect(await raw.count('single')).toBe(3);
    await raw.channel.purgeQueue('single');
  });

  it('leaves what was not begun to another worker, at once and untouched', async () => {
    const first = start();
    const work = manualHandler();
    first.messaging.consume('single', work.handler);
    await put('single', 5);
    await eventually(() => expect(work.started).toEqual(['single-0']));
    const closed = first.messaging.close({ graceMs: 20_000 });
    const second = start();
    const handled: string[] = [];
    second.messaging.consume('single', async (_, { messageId }) => {
      handled.push(messageId);
    });
    await eventually(() => expect(handled).toEqual(['single-1', 'single-2', 'single-3', 'single-4']));
    expect(work.started).toEqual(['single-0']);
    work.finish();
    await closed;
    expect(ledger.accounts('single')).toEqual({ published: 5, done: 5, dead: 0, open: 0 });
  });

  it('aborts and hands back what does not finish in time', async () => {
    const first = start();
    const work = manualHandler();
    first.messaging.consume('work', work.handler);
    await put('work', 4);
    await eventually(() => expect(work.started).toHaveLength(4));
    await first.messaging.close({ graceMs: 500 });
    expect(work.aborted.sort()).toEqual(['work-0', 'work-1', 'work-2', 'work-3']);
    expect(first.told('handedBack')).toEqual([{ queue: 'work', count: 4 }]);
    const second = start();
    const handled: string[] = [];
    second.messaging.consume('work', async (_, { messageId }) => {
      handled.push(messageId);
    });
    await eventually(() => expect(handled.sort()).toEqual(['work-0', 'work-1', 'work-2', 'work-3']));
    work.finish();
  });

  it('hands back at once what a brake holds, while a handler still runs', async () => {
    const first = start();
    const work = manualHandler();
    let failures = 0;
    first.messaging.consume('work', async (payload, delivery) => {
      if (payload.n === 0) return work.handler(payload, delivery);
      failures += 1;
      throw new PlatformError('STATE_UNAVAILABLE');
    });
    await put('work', 60);
    await eventually(() => expect(failures).toBeGreaterThan(0));
    const closed = first.messaging.close({ graceMs: 30_000 });
    const second = start();
    second.messaging.consume('work', async () => undefined);
    await eventually(() =>
      expect(ledger.accounts('work')).toEqual({ published: 60, done: 59, dead: 0, open: 1 }),
    );
    expect(first.told('settled').filter(({ outcome }) => outcome === 'done')).toEqual([]);
    work.finish();
    await closed;
    expect(ledger.accounts('work')).toMatchObject({ done: 60 });
  });

  it('ends in time although the broker says nothing any more', async () => {
    const proxy = await startTcpProxy(Number(new URL(vhost.url).port));
    const url = new URL(vhost.url);
    url.port = String(proxy.port);
    const first = start(url.href);
    first.messaging.consume('work', async () => undefined);
    await eventually(() => expect(first.messaging.health().queues[0]).toMatchObject({ subscribed: true }));
    proxy.swallow();
    const held = first.messaging.publisher
      .publish('work', { n: 1 }, { messageId: 'm' })
      .catch((error) => error.code);
    const before = Date.now();
    await first.messaging.close({ graceMs: 2_000 });
    // Far less than the heartbeats that would find the connection dead.
    expect(Date.now() - before).toBeLessThan(8_000);
    expect(await held).toBe('PUBLISHER_CLOSED');
    await proxy.close();
  });

  it('ends although the broker was never there', async () => {
    const first = start('amqp://u:p@127.0.0.1:1');
    first.messaging.consume('work', async () => undefined);
    first.messaging.listen('broadcast', () => undefined);
    await first.messaging.close({ graceMs: 1_000 });
    await first.messaging.close({ graceMs: 1_000 });
    expect(first.messaging.health()).toMatchObject({ connected: false });
  });
});
