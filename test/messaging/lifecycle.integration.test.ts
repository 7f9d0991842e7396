import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let runtime: TestRuntime;

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
});
beforeEach(async () => {
  raw = await connectRaw(vhost.url);
});
afterEach(async () => {
  await runtime.messaging.close({ graceMs: 5_000 });
  await raw.close();
});
afterAll(() => vhost.drop());

describe('a message', () => {
  it('is published, handled once, accounted for and acknowledged, in this order', async () => {
    runtime = startRuntime(vhost.url);
    const { messaging, ledger } = runtime;
    const steps: string[] = [];
    messaging.on('received', ({ messageId }) => steps.push(`received ${messageId}`));
    messaging.on('handled', ({ outcome }) =>
      steps.push(`handled ${outcome}, ledger ${ledger.stateOf('work', 'a')}`),
    );
    messaging.on('settled', ({ outcome }) => steps.push(`settled ${outcome}`));
    messaging.consume('work', async ({ n }, delivery) => {
      steps.push(
        `handler ${n} ${delivery.messageId} ${delivery.attempt}, ledger ${ledger.stateOf('work', 'a')}`,
      );
    });
    await messaging.publisher.publish('work', { n: 1 }, { messageId: 'a' });
    await eventually(() => expect(steps).toHaveLength(4));
    expect(steps).toEqual([
      'received a',
      'handler 1 a 1, ledger open',
      'handled done, ledger done',
      'settled done',
    ]);
    expect(runtime.told('received')[0]?.ageMs).toBeGreaterThanOrEqual(0);
  });

  it('leads to others, which are confirmed before it is done', async () => {
    runtime = startRuntime(vhost.url);
    const { messaging, ledger } = runtime;
    const seen: number[] = [];
    messaging.consume('work', async ({ n }, { messageId }) => {
      await messaging.publisher.publish('single', { n: n * 10 }, { messageId: `single:${messageId}` });
    });
    messaging.consume('single', async ({ n }) => void seen.push(n));
    const ids = Array.from({ length: 50 }, (_, n) => `chain-${n}`);
    await Promise.all(ids.map((messageId, n) => messaging.publisher.publish('work', { n }, { messageId })));
    await eventually(() => expect(ledger.accounts('single')).toMatchObject({ published: 50, done: 50 }));
    expect(seen.sort((a, b) => a - b)).toEqual(ids.map((_, n) => n * 10));
  });

  it('is handled by one of several processes', async () => {
    runtime = startRuntime(vhost.url);
    const { ledger } = runtime;
    const others = [startRuntime(vhost.url, { ledger }), startRuntime(vhost.url, { ledger })];
    const handled: string[] = [];
    for (const { messaging } of [runtime, ...others]) {
      messaging.consume('single', async (_, { messageId }) => void handled.push(messageId));
    }
    await eventually(() => {
      for (const { messaging } of [runtime, ...others]) {
        expect(messaging.health().queues).toMatchObject([{ queue: 'single', subscribed: true }]);
      }
    });
    const { publisher } = runtime.messaging;
    await Promise.all(
      Array.from({ length: 60 }, (_, n) => publisher.publish('single', { n }, { messageId: `s-${n}` })),
    );
    await eventually(() => expect(handled).toHaveLength(60));
    expect(new Set(handled).size).toBe(60);
    for (const { told } of others) expect(told('received').length).toBeGreaterThan(0);
    await Promise.all(others.map(({ messaging }) => messaging.close({ graceMs: 5_000 })));
  });

  it('waits for a place while as many as the prefetch are being handled', async () => {
    runtime = startRuntime(vhost.url);
    let running = 0;
    let most = 0;
    runtime.messaging.consume('work', async () => {
      running += 1;
      most = Math.max(most, running);
      await new Promise((resolve) => setTimeout(resolve, 20));
      running -= 1;
    });
    const { publisher } = runtime.messaging;
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => publisher.publish('work', { n }, { messageId: `p-${n}` })),
    );
    await eventually(() => expect(runtime.ledger.accounts('work')).toMatchObject({ done: 100 }));
    expect(most).toBe(testPlatform.queues.work.prefetch);
  });
});

describe('the runtime', () => {
  it('has one handler for a queue, and only for declared ones', () => {
    runtime = startRuntime(vhost.url);
    const { messaging } = runtime;
    messaging.consume('work', async () => undefined);
    const again = () => messaging.consume('work', async () => undefined);
    expect(again).toThrow(expect.objectContaining({ code: 'PLATFORM_DECLARATION_INVALID' }));
    const unknown = 'nowhere' as 'work';
    const undeclared = () => messaging.consume(unknown, async () => undefined);
    expect(undeclared).toThrow(expect.objectContaining({ code: 'PLATFORM_DECLARATION_INVALID' }));
    const unheard = () => messaging.listen('nothing' as 'broadcast', () => undefined);
    expect(unheard).toThrow(expect.objectContaining({ code: 'PLATFORM_DECLARATION_INVALID' }));
  });

  it('shows itself by name, publishing and consuming apart', async () => {
    runtime = startRuntime(vhost.url, { service: 'by-name' });
    runtime.messaging.consume('work', async () => undefined);
    await eventually(async () => {
      const listed = await vhost.json<{ client_properties: { connection_name?: string } }[]>(
        `vhosts/${vhost.vhost}/connections`,
      );
      const names = listed.map(({ client_properties: { connection_name: name } }) => name);
      expect(names).toEqual(expect.arrayContaining(['by-name.publisher', 'by-name.consumer']));
    });
  });

  it('gives up an address that accepts connections and says nothing, and tries again', async () => {
    const proxy = await startTcpProxy(Number(new URL(vhost.url).port));
    proxy.swallow();
    const url = new URL(vhost.url);
    url.port = String(proxy.port);
    runtime = startRuntime({ url: url.href, connectTimeoutMs: 200 });
    await eventually(() => expect(proxy.accepted).toBeGreaterThanOrEqual(2));
    expect(runtime.messaging.health()).toMatchObject({ connected: false });
    proxy.restore();
    proxy.cut();
    await eventually(() => expect(runtime.messaging.health()).toMatchObject({ connected: true }));
    await runtime.messaging.close({ graceMs: 2_000 });
    await proxy.close();
  });
});
