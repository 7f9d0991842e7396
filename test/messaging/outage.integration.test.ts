import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type OwnBroker, startOwnBroker } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { MemoryLedger } from '../harness/memory-ledger.ts';
import { connectRaw } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let broker: OwnBroker;
let runtimes: TestRuntime[] = [];

beforeAll(async () => {
  broker = await startOwnBroker(testPlatform);
  // RabbitMQ 3.10 writes the names of new quorum queues to disk only after a while; killed before, it starts
  // such a queue anew after the restart, and that hangs (it waits for an election that nobody calls).
  await broker.server.ctl('eval', '[dets:sync(Table) || Table <- dets:all()].');
}, 120_000);
afterEach(async () => {
  await Promise.all(runtimes.map(({ messaging }) => messaging.close({ graceMs: 5_000 })));
  runtimes = [];
});
afterAll(() => broker.remove());

function start(ledger = new MemoryLedger(), options: { confirmTimeoutMs?: number } = {}): TestRuntime {
  const runtime = startRuntime(broker.url, { ledger, ...options });
  runtimes.push(runtime);
  return runtime;
}

const connected = ({ messaging }: TestRuntime) =>
  eventually(() => expect(messaging.health()).toMatchObject({ connected: true }), 60_000);

describe('when the broker is killed', () => {
  it('services that start meanwhile wait for it, and what they publish arrives', async () => {
    await broker.server.kill();
    const runtime = start();
    const handled: number[] = [];
    runtime.messaging.consume('single', async ({ n }) => {
      handled.push(n);
    });
    const published = Promise.all(
      [1, 2, 3].map((n) => runtime.messaging.publisher.publish('single', { n }, { messageId: `early-${n}` })),
    );
    await eventually(() =>
      expect(
        runtime.log.lines.filter(({ message }) => message === 'RabbitMQ cannot be reached').length,
      ).toBeGreaterThan(1),
    );
    expect(runtime.messaging.health()).toMatchObject({ connected: false, unconfirmed: 3 });
    await broker.server.start();
    await published;
    await eventually(() => expect(handled).toEqual([1, 2, 3]));
  }, 120_000);

  it('messages that wait for another attempt survive, and are handled after the restart', async () => {
    const runtime = start();
    let healed = false;
    runtime.messaging.consume('work', async () => {
      if (!healed) throw new Error('not yet');
    });
    const ids = Array.from({ length: 20 }, (_, n) => `delayed-${n}`);
    await Promise.all(
      ids.map((messageId, n) => runtime.messaging.publisher.publish('work', { n }, { messageId })),
    );
    await eventually(() => expect(runtime.told('delayed').length).toBeGreaterThanOrEqual(20));
    healed = true;
    await broker.server.kill();
    await eventually(() => expect(runtime.told('lost')).toHaveLength(1));
    await broker.server.start();
    await eventually(
      () => expect(runtime.ledger.accounts('work')).toEqual({ published: 20, done: 20, dead: 0, open: 0 }),
      60_000,
    );
  }, 120_000);

  it('in the middle of hundreds of messages, every one is handled once or dead, and the accounts close', async () => {
    const ledger = new MemoryLedger();
    const [producer, one, two] = [start(ledger), start(ledger), start(ledger)];
    const effects = new Map<string, number>();
    for (const { messaging } of [one, two]) {
      messaging.consume('work', async ({ n }, { messageId, attempt }) => {
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 10));
        if (n % 10 === 0 && attempt === 1) throw new Error('fails the first time');
        if (n % 50 === 7) throw new Error('fails every time');
        effects.set(messageId, (effects.get(messageId) ?? 0) + 1);
        await messaging.publisher.publish('single', { n }, { messageId: `after-${messageId}` });
      });
    }
    two.messaging.consume('single', async () => undefined);
    await Promise.all([producer, one, two].map(connected));
    const total = 600;
    const publishing: Promise<void>[] = [];
    for (let n = 0; n < total; n += 1) {
      publishing.push(producer.messaging.publisher.publish('work', { n }, { messageId: `c-${n}` }));
      if (n % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      if (n === 300) await broker.server.kill();
      if (n === 400) void broker.server.start();
    }
    await Promise.all(publishing);
    await eventually(() => {
      expect(ledger.accounts('work')).toMatchObject({ published: total, open: 0 });
      expect(ledger.accounts('single').open).toBe(0);
    }, 90_000);
    const dead = Array.from({ length: total }, (_, n) => n).filter((n) => n % 50 === 7).length;
    expect(ledger.accounts('work')).toEqual({ published: total, done: total - dead, dead, open: 0 });
    expect(ledger.accounts('single')).toEqual({
      published: total - dead,
      done: total - dead,
      dead: 0,
      open: 0,
    });
    expect(effects.size).toBe(total - dead);
    expect([producer, one, two].map((runtime) => runtime.told('lost').length)).toEqual([1, 1, 1]);
    const raw = await connectRaw(broker.url);
    await eventually(async () => {
      for (const queue of ['work', 'single', 'smarteats.retry.200ms', 'smarteats.retry.400ms']) {
        expect([queue, await raw.count(queue)]).toEqual([queue, 0]);
      }
    });
    expect(await raw.count('work.dead')).toBeGreaterThanOrEqual(dead);
    await raw.close();
  }, 240_000);
});

describe('when the broker runs out of resources', () => {
  afterEach(() => relieve());

  it('the publisher holds its messages until the alarm is over', async () => {
    const runtime = start();
    const handled: number[] = [];
    runtime.messaging.consume('single', async ({ n }) => {
      handled.push(n);
    });
    await connected(runtime);
    const all = await exhaust(runtime, 'single');
    const { unconfirmed } = runtime.messaging.health();
    expect(unconfirmed).toBeGreaterThan(0);
    for (let n = 1; n <= 10; n += 1) {
      all.push(runtime.messaging.publisher.publish('single', { n }, { messageId: `alarm-${n}` }));
    }
    expect(runtime.messaging.health()).toMatchObject({ connected: true, unconfirmed: unconfirmed + 10 });
    await relieve();
    await Promise.all(all);
    await eventually(() => expect(handled).toHaveLength(all.length));
    expect(runtime.messaging.health()).toMatchObject({ blocked: false, unconfirmed: 0 });
    expect([runtime.told('blocked').length, runtime.told('unblocked').length]).toEqual([1, 1]);
    expect(runtime.told('lost')).toEqual([]);
  }, 120_000);

  it('consumers go on and empty their queues meanwhile', async () => {
    const raw = await connectRaw(broker.url);
    const runtime = start();
    let released: () => void = () => undefined;
    const alarm = new Promise<void>((resolve) => {
      released = resolve;
    });
    runtime.messaging.consume('single', () => alarm);
    await connected(runtime);
    for (let n = 0; n < 30; n += 1) await raw.put('single', `{"n":${n}}`, { messageId: `drained-${n}` });
    const held = await exhaust(runtime, 'work');
    released();
    // One message at a time: each arrives only after the acknowledgement of the one before.
    await eventually(() => expect(runtime.ledger.accounts('single')).toMatchObject({ done: 30 }), 30_000);
    expect(runtime.messaging.health().blocked).toBe(true);
    expect(runtime.messaging.health().unconfirmed).toBeGreaterThan(0);
    await relieve();
    await Promise.all(held);
    for (const _ of held) await raw.take('work');
    await raw.close();
  }, 120_000);

  /**
   * Raises the broker's memory alarm. It tells a connection that it is blocked when that publishes next, which may be
   * some messages after the alarm.
   * @returns what was published until then, the last of it after the alarm
   */
  async function exhaust({ messaging }: TestRuntime, queue: 'single' | 'work'): Promise<Promise<void>[]> {
    await broker.server.ctl('set_vm_memory_high_watermark', '0.00001');
    const published: Promise<void>[] = [];
    await eventually(() => {
      const messageId = `exhausting-${queue}-${published.length}`;
      published.push(messaging.publisher.publish(queue, { n: 0 }, { messageId }));
      expect(messaging.health()).toMatchObject({ blocked: true });
    }, 30_000);
    return published;
  }

  const relieve = () => broker.server.ctl('set_vm_memory_high_watermark', '0.6');
});

describe('when a queue hangs', () => {
  /** Makes the process of a queue deaf, as a queue without a quorum is; `resume` wakes it. */
  const tell = (queue: string, what: 'suspend' | 'resume') =>
    broker.server.ctl('eval', `sys:${what}(whereis(list_to_atom("%2F_${queue}"))).`);

  it('the publisher refuses what is for it after a while, and delivers the rest', async () => {
    const runtime = start(new MemoryLedger(), { confirmTimeoutMs: 400 });
    await connected(runtime);
    const { publisher } = runtime.messaging;
    await tell('brief', 'suspend');
    const stuck = publisher.publish('brief', { n: 0 }, { messageId: 'stuck' }).catch((error) => error.code);
    const fine = [1, 2, 3].map((n) =>
      publisher.publish('narrow', { n }, { messageId: `fine-${n}` }).catch(() => 0),
    );
    expect(await stuck).toBe('PUBLISH_REFUSED');
    await Promise.all(fine);
    expect(runtime.told('lost')).toEqual([]);
    await tell('brief', 'resume');
    await publisher.publish('brief', { n: 1 }, { messageId: 'unstuck' });
  }, 120_000);

  it('a consumer does not wait for it for ever, and loses nothing', async () => {
    const runtime = start(new MemoryLedger(), { confirmTimeoutMs: 400 });
    let healed = false;
    runtime.messaging.consume('work', async () => {
      if (!healed) throw new Error('not yet');
    });
    await connected(runtime);
    await tell('smarteats.retry.200ms', 'suspend');
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'waits' });
    const failures = () =>
      runtime.log.lines.filter(({ message }) => message === 'what follows from a delivery could not be sent');
    await eventually(() => expect(failures().length).toBeGreaterThanOrEqual(2));
    healed = true;
    await tell('smarteats.retry.200ms', 'resume');
    await eventually(() => expect(runtime.ledger.stateOf('work', 'waits')).toBe('done'));
  }, 120_000);
});

describe('when a handler keeps a message longer than the broker allows', () => {
  it('the consumer subscribes again, and the message takes effect once', async () => {
    // Channels opened from now on are looked at every 200 ms, and may keep a delivery for one second.
    await broker.server.ctl(
      'eval',
      'application:set_env(rabbit, consumer_timeout, 1000), application:set_env(rabbit, channel_tick_interval, 200).',
    );
    const runtime = start();
    let finish: () => void = () => undefined;
    const aborted: unknown[] = [];
    const started: string[] = [];
    runtime.messaging.consume('single', async (_, { messageId, signal }) => {
      started.push(messageId);
      signal.addEventListener('abort', () => aborted.push(signal.reason));
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    await connected(runtime);
    await runtime.messaging.publisher.publish('single', { n: 1 }, { messageId: 'kept' });
    await eventually(() => expect(runtime.told('unsubscribed')).toHaveLength(1));
    // RabbitMQ before 4.3 closes the channel, later ones end the subscription without a word.
    expect(runtime.told('unsubscribed')[0]?.reason).toMatch(
      /PRECONDITION_FAILED.*timed out|kept for [1-9].*consumer_timeout/,
    );
    expect(aborted).toHaveLength(1);
    expect(runtime.told('lost')).toEqual([]);
    await eventually(() => expect(runtime.told('subscribed').length).toBeGreaterThanOrEqual(2));
    finish();
    await eventually(() => expect(runtime.told('settled')).toMatchObject([{ outcome: 'duplicate' }]));
    expect(started).toEqual(['kept']);
    expect(runtime.ledger.accounts('single')).toEqual({ published: 1, done: 1, dead: 0, open: 0 });
  }, 120_000);
});
