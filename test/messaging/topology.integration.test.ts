import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { topologyOf } from '../../workers/platform/topology.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let runtime: TestRuntime | undefined;

beforeEach(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
afterEach(async () => {
  await runtime?.messaging.close({ graceMs: 5_000 });
  await raw.close();
  await vhost.drop();
});

const { queues, exchanges, bindings } = topologyOf(testPlatform);

async function start(): Promise<TestRuntime> {
  const started = startRuntime(vhost.url);
  runtime = started;
  await eventually(() => expect(started.messaging.health().connected).toBe(true));
  return started;
}

async function removeAll(): Promise<void> {
  for (const { name } of queues) await raw.channel.deleteQueue(name);
  for (const { name } of exchanges) await raw.channel.deleteExchange(name);
}

describe('the topology at the start of a service', () => {
  it('is made as declared where the broker has nothing', async () => {
    await removeAll();
    await start();
    const made = await vhost.json<{ name: string; type: string; durable: boolean; arguments: object }[]>(
      `queues/${vhost.vhost}?columns=name,type,durable,arguments`,
    );
    expect(made).toHaveLength(queues.length);
    for (const queue of queues) {
      expect(made).toContainEqual({
        name: queue.name,
        type: 'quorum',
        durable: true,
        arguments: queue.arguments,
      });
    }
    const bound = await vhost.json<{ source: string; destination: string; routing_key: string }[]>(
      `bindings/${vhost.vhost}?columns=source,destination,routing_key`,
    );
    for (const { exchange, queue, routingKey } of bindings) {
      expect(bound).toContainEqual({ source: exchange, destination: queue, routing_key: routingKey });
    }
  });

  it('agrees with the definitions that the broker was loaded with', async () => {
    const started = await start();
    expect(started.told('topologyMismatch')).toEqual([]);
    expect(started.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('leaves a queue that differs as it is, names the difference, and the service works with it', async () => {
    await raw.channel.deleteQueue('work');
    await raw.channel.assertQueue('work', { durable: true, arguments: { 'x-queue-type': 'classic' } });
    await raw.channel.deleteExchange('test.fanout');
    await raw.channel.assertExchange('test.fanout', 'topic');
    await raw.channel.deleteQueue('single');
    const started = await start();
    expect(started.told('topologyMismatch').map(({ name }) => name)).toEqual([
      'exchange test.fanout',
      'queue work',
    ]);
    const [, aboutWork] = started.log.lines.filter(({ level }) => level === 'error');
    expect(aboutWork).toMatchObject({ fields: { name: 'queue work', exists: true } });
    expect(aboutWork?.message).toMatch(/inequivalent arg 'x-queue-type' for queue 'work'/);
    // What comes after it was declared all the same, the bindings of the queue included.
    expect(await raw.count('single')).toBe(0);
    const handled: unknown[] = [];
    started.messaging.consume('work', async (payload) => {
      handled.push(payload);
    });
    await started.messaging.publisher.publish('work', { n: 1 }, { messageId: 'm' });
    await eventually(() => expect(handled).toEqual([{ n: 1 }]));
  });

  it('is taken as it is by a user who may declare nothing', async () => {
    const name = `guest-${vhost.vhost}`;
    const user = { password: 'pw', tags: '' };
    expect((await vhost.api(`users/${name}`, { method: 'PUT', body: user })).ok).toBe(true);
    const permission = { configure: '^amq\\.gen', write: '.*', read: '.*' };
    await vhost.api(`permissions/${vhost.vhost}/${name}`, { method: 'PUT', body: permission });
    const port = Number(new URL(vhost.url).port);
    const started = startRuntime({ host: '127.0.0.1', port, user: name, password: 'pw', vhost: vhost.vhost });
    runtime = started;
    await eventually(() => expect(started.messaging.health().connected).toBe(true));
    expect(started.told('topologyMismatch').length).toBeGreaterThan(0);
    expect(started.log.lines).toContainEqual(
      expect.objectContaining({ message: expect.stringMatching(/ACCESS_REFUSED/) }),
    );
    await started.messaging.publisher.publish('work', { n: 1 }, { messageId: 'm' });
    await vhost.api(`users/${name}`, { method: 'DELETE' });
  });
});

describe('a broker that does not let us in', () => {
  it('is tried again, and each refusal is logged without the password', async () => {
    const port = Number(new URL(vhost.url).port);
    const started = startRuntime({
      host: '127.0.0.1',
      port,
      user: 'nobody',
      password: 'hunter2',
      vhost: 'nowhere',
    });
    runtime = started;
    const refusals = () =>
      started.log.lines.filter(({ message }) => message === 'RabbitMQ cannot be reached');
    await eventually(() => expect(refusals().length).toBeGreaterThanOrEqual(3));
    expect(refusals()[0]?.fields).toHaveProperty('err.message', expect.stringMatching(/ACCESS_REFUSED|403/));
    expect(JSON.stringify(started.log.lines)).not.toContain('hunter2');
    expect(started.messaging.health()).toMatchObject({ connected: false });
  });
});
