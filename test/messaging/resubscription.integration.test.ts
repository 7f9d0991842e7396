import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { closeConnections } from './management.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let proxy: TcpProxy;
let runtime: TestRuntime;
let handled: string[];

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
beforeEach(async () => {
  handled = [];
  proxy = await startTcpProxy(Number(new URL(vhost.url).port));
});
afterEach(async () => {
  await runtime.messaging.close({ graceMs: 5_000 });
  await proxy.close();
});
afterAll(async () => {
  await raw.close();
  await vhost.drop();
});

function start(queues: readonly ('work' | 'single')[], name = 'tester'): void {
  const url = new URL(vhost.url);
  url.port = String(proxy.port);
  runtime = startRuntime({ url: url.href, heartbeatSeconds: 1 }, { service: name });
  for (const queue of queues) consume(queue);
}

function consume(queue: 'work' | 'single'): void {
  runtime.messaging.consume(queue, async (_, { messageId }) => {
    handled.push(messageId);
  });
}

const subscribedTo = (...queues: readonly string[]) =>
  eventually(() => {
    const { connected, queues: consumed } = runtime.messaging.health();
    // It publishes over another connection, which may be ready later; only then can a loss be told.
    expect(connected).toBe(true);
    const health = consumed.map(({ queue, subscribed }) => [queue, subscribed]);
    expect(health).toEqual(queues.map((queue) => [queue, true]));
  });

async function receives(queue: 'work' | 'single'): Promise<void> {
  const messageId = `${queue}-${Math.random()}`;
  await raw.put(queue, '{"n":1}', { messageId, contentType: 'application/json' });
  await eventually(() => expect(handled).toContain(messageId));
}

describe('a consumer receives again', () => {
  it('after its connection was reset, together with consumers added later', async () => {
    start(['work']);
    await subscribedTo('work');
    consume('single');
    await subscribedTo('work', 'single');
    proxy.cut();
    await eventually(() => expect(runtime.told('lost')).toHaveLength(1));
    await receives('work');
    await receives('single');
    await eventually(() =>
      expect(runtime.told('connected')).toEqual([{ reconnect: false }, { reconnect: true }]),
    );
  });

  it('when it was added while the connection was gone', async () => {
    start(['work']);
    await subscribedTo('work');
    proxy.swallow();
    proxy.cut();
    await eventually(() => expect(runtime.messaging.health().connected).toBe(false));
    consume('single');
    proxy.restore();
    proxy.cut();
    await receives('single');
  });

  it('after an operator closed its connection', async () => {
    start(['work'], 'to-be-closed');
    await subscribedTo('work');
    await closeConnections(vhost, 'to-be-closed.consumer');
    await eventually(() => expect(runtime.told('lost')).toHaveLength(1));
    expect(runtime.told('lost')[0]?.reason).toMatch(/CONNECTION_FORCED|closed/i);
    await receives('work');
  });

  it('after the other side vanished without a word, within two heartbeats', async () => {
    start(['work']);
    await subscribedTo('work');
    proxy.swallow();
    await eventually(() => expect(runtime.told('lost')).toHaveLength(1));
    // By our own watch; the client library would take a third heartbeat and give another reason.
    expect(runtime.told('lost')[0]?.reason).toMatch(/nothing arrived for two heartbeats/);
    // The connection whose loss was told publishes; the consumer's own notices by the same watch, a moment apart.
    await eventually(() => expect(runtime.messaging.health().queues[0]).toMatchObject({ subscribed: false }));
    proxy.restore();
    proxy.cut();
    await receives('work');
  });

  it('after the broker refused its channel, as often as that takes', async () => {
    start(['work', 'single']);
    await subscribedTo('work', 'single');
    proxy.swallow();
    proxy.cut();
    await eventually(() => expect(runtime.messaging.health().connected).toBe(false));
    // While the queue belongs to another connection, every use of it is an error (RESOURCE_LOCKED).
    const intruder = await connectRaw(vhost.url);
    await intruder.channel.deleteQueue('single');
    const exclusive = { exclusive: true, durable: false, arguments: { 'x-queue-type': 'classic' } };
    await intruder.channel.assertQueue('single', exclusive);
    proxy.restore();
    proxy.cut();
    const failures = () =>
      runtime.log.lines.filter(({ fields }) => Reflect.get(fields, 'channel') === 'consumer of single');
    await eventually(() => expect(failures().length).toBeGreaterThanOrEqual(2));
    expect(failures()[0]?.fields).toHaveProperty('err.message', expect.stringContaining('RESOURCE_LOCKED'));
    await receives('work');
    expect(runtime.messaging.health().queues).toMatchObject([{ subscribed: true }, { subscribed: false }]);
    await intruder.close();
    await subscribedTo('work', 'single');
    await receives('single');
    expect(runtime.told('lost')).toHaveLength(1);
  });

  it('after its queue was deleted, which it declares again', async () => {
    start(['work', 'single']);
    await subscribedTo('work', 'single');
    await raw.channel.deleteQueue('work');
    await eventually(() => expect(runtime.told('unsubscribed')).toHaveLength(1));
    expect(runtime.told('unsubscribed')[0]?.reason).toMatch(/cancelled.*queue work was deleted/);
    await subscribedTo('work', 'single');
    await receives('work');
    // The binding is there again as well.
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'through-the-exchange' });
    await eventually(() => expect(handled).toContain('through-the-exchange'));
    expect(runtime.told('lost')).toEqual([]);
  });

  it('when its queue is missing at the start', async () => {
    await raw.channel.deleteQueue('work');
    start(['work']);
    await subscribedTo('work');
    await receives('work');
  });
});

describe('a message under way when the connection breaks', () => {
  it('is not acknowledged on the new channel, and takes effect once', async () => {
    start([]);
    const started: string[] = [];
    const signals: boolean[] = [];
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => {
      finish = resolve;
    });
    runtime.messaging.consume('work', async (_, { messageId, signal }) => {
      started.push(messageId);
      await finished;
      signals.push(signal.aborted);
    });
    await raw.put('work', '{"n":1}', { messageId: 'interrupted', contentType: 'application/json' });
    await eventually(() => expect(started).toHaveLength(1));
    await subscribedTo('work');
    proxy.cut();
    // The broker delivers it again while the handler still works on the first delivery of it.
    await eventually(() => expect(runtime.told('received')).toHaveLength(2));
    finish();
    await eventually(() => expect(runtime.told('settled')).toHaveLength(1));
    expect(started).toEqual(['interrupted']);
    expect(signals).toEqual([true]);
    expect(runtime.told('settled')[0]).toMatchObject({ outcome: 'duplicate' });
    expect(runtime.ledger.accounts('work')).toEqual({ published: 1, done: 1, dead: 0, open: 0 });
    expect(runtime.told('lost')).toHaveLength(1);
    await eventually(async () => expect(await raw.count('work')).toBe(0));
  });

  it('does not count as stuck', async () => {
    start([]);
    let finish: () => void = () => undefined;
    runtime.messaging.consume(
      'brief',
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    await raw.put('brief', '{"n":1}', { messageId: 'endless', contentType: 'application/json' });
    const queueHealth = () => runtime.messaging.health().queues[0];
    await eventually(() => expect(queueHealth()).toMatchObject({ inFlight: 1 }));
    // Twice its limit of 300 ms, while nothing hinders it.
    await eventually(() => expect(queueHealth()).toMatchObject({ stuck: 1 }));
    proxy.swallow();
    proxy.cut();
    await eventually(() => expect(queueHealth()).toMatchObject({ stuck: 0 }));
    finish();
    proxy.restore();
    proxy.cut();
  });
});

describe('a message that was published when the connection broke', () => {
  it('is sent again, in order with what was published meanwhile', async () => {
    start([]);
    await eventually(() => expect(runtime.messaging.health().connected).toBe(true));
    const { publisher } = runtime.messaging;
    await publisher.publish('narrow', { n: -1 }, { messageId: 'first' }).catch(() => undefined);
    await raw.channel.purgeQueue('work');
    proxy.swallow();
    const all = Array.from({ length: 100 }, (_, n) =>
      publisher.publish('work', { n }, { messageId: `p-${n}` }),
    );
    await eventually(() => expect(runtime.told('lost')).toHaveLength(1));
    all.push(publisher.publish('work', { n: 100 }, { messageId: 'p-100' }));
    proxy.restore();
    proxy.cut();
    await Promise.all(all);
    expect(runtime.told('resent')).toEqual([{ count: 100 }]);
    for (let n = 0; n <= 100; n += 1) {
      expect(JSON.parse((await raw.take('work')).content.toString())).toEqual({ n });
    }
    expect(runtime.ledger.accounts('work').published).toBe(101);
  });
});
