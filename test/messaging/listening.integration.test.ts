import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../harness/tcp-proxy.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let proxy: TcpProxy;
let runtime: TestRuntime;

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
beforeEach(async () => {
  proxy = await startTcpProxy(Number(new URL(vhost.url).port));
  const url = new URL(vhost.url);
  url.port = String(proxy.port);
  runtime = startRuntime(url.href);
});
afterEach(async () => {
  await runtime.messaging.close({ graceMs: 5_000 });
  await proxy.close();
});
afterAll(async () => {
  await raw.close();
  await vhost.drop();
});

const listening = (times = 1) => eventually(() => expect(runtime.told('subscribed')).toHaveLength(times));

describe('listening to an event', () => {
  it('hears every occurrence, as does every other listener', async () => {
    const heard: unknown[] = [];
    runtime.messaging.listen('broadcast', (payload) => {
      heard.push(['a', payload]);
    });
    runtime.messaging.listen('broadcast', async (payload) => {
      heard.push(['b', payload]);
    });
    await listening(2);
    await runtime.messaging.publisher.announce('broadcast', { n: 1 });
    await eventually(() => expect(heard).toHaveLength(2));
    expect(heard).toEqual(
      expect.arrayContaining([
        ['a', { n: 1 }],
        ['b', { n: 1 }],
      ]),
    );
    expect(runtime.told('announced')).toEqual([{ event: 'broadcast' }]);
  });

  it('hears of a topic exchange what its pattern matches', async () => {
    const heard: number[] = [];
    const everything: number[] = [];
    runtime.messaging.listen('happened', ({ n }) => void heard.push(n), { pattern: 'thing.fire.*' });
    runtime.messaging.listen('happened', ({ n }) => void everything.push(n));
    await listening(2);
    const { publisher } = runtime.messaging;
    await publisher.announce('happened', { topic: 'water', n: 1 });
    await publisher.announce('happened', { topic: 'fire', n: 2 });
    await eventually(() => expect(everything).toEqual([1, 2]));
    expect(heard).toEqual([2]);
  });

  it('is no condition for announcing', async () => {
    await runtime.messaging.publisher.announce('broadcast', { n: 1 });
    expect(runtime.told('publishFailed')).toEqual([]);
  });

  it('refuses to announce what does not fit the schema', async () => {
    // Wrong on purpose, as a caller without types would.
    const payload = { n: 'one' } as unknown as { n: number };
    await expect(runtime.messaging.publisher.announce('broadcast', payload)).rejects.toMatchObject({
      code: 'MESSAGE_SCHEMA_INVALID',
      details: { target: 'event broadcast' },
    });
  });

  it('goes on after nonsense and after a callback that throws', async () => {
    const heard: number[] = [];
    runtime.messaging.listen('broadcast', ({ n }) => {
      heard.push(n);
      if (n === 1) throw new Error('a bug of the callback');
    });
    await listening();
    raw.channel.publish('test.fanout', '', Buffer.from('nonsense'));
    raw.channel.publish('test.fanout', '', Buffer.from('{"n":"one"}'));
    await raw.channel.waitForConfirms();
    await runtime.messaging.publisher.announce('broadcast', { n: 1 });
    await runtime.messaging.publisher.announce('broadcast', { n: 2 });
    await eventually(() => expect(heard).toEqual([1, 2]));
    const warnings = runtime.log.lines.filter(({ message }) =>
      message.startsWith('an event could not be handled'),
    );
    expect(warnings).toHaveLength(3);
  });

  it('uses a queue that goes with its connection, and listens again after that was lost', async () => {
    const heard: number[] = [];
    runtime.messaging.listen('broadcast', ({ n }) => void heard.push(n));
    await listening();
    const before = await temporaryQueues();
    expect(before).toMatchObject([{ type: 'classic', exclusive: true, durable: false }]);
    proxy.cut();
    await listening(2);
    await runtime.messaging.publisher.announce('broadcast', { n: 5 });
    await eventually(() => expect(heard).toEqual([5]));
    await eventually(async () => expect(await temporaryQueues()).toHaveLength(1));
    expect(await temporaryQueues()).not.toEqual(before);
  });

  it('ends when it is told to', async () => {
    const heard: number[] = [];
    const end = runtime.messaging.listen('broadcast', ({ n }) => void heard.push(n));
    await listening();
    await end();
    await runtime.messaging.publisher.announce('broadcast', { n: 1 });
    await eventually(async () => expect(await temporaryQueues()).toHaveLength(0));
    expect(heard).toEqual([]);
  });
});

interface ListedQueue {
  readonly name: string;
  readonly type: string;
  readonly exclusive: boolean;
  readonly durable: boolean;
}

async function temporaryQueues(): Promise<readonly ListedQueue[]> {
  const queues = await vhost.json<readonly ListedQueue[]>(
    `queues/${vhost.vhost}?columns=name,type,exclusive,durable`,
  );
  return queues.filter(({ name }) => name.startsWith('amq.gen'));
}
