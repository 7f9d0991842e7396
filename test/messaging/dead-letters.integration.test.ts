import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type DeadLetters, openDeadLetters } from '../../workers/messaging/dead-letters.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { MemoryLedger } from '../harness/memory-ledger.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { type TestPlatform, testPlatform } from './test-platform.ts';
import { MemoryLog, startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let ledger: MemoryLedger;
let letters: DeadLetters<TestPlatform>;
let runtime: TestRuntime;

beforeEach(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
  ledger = new MemoryLedger();
  letters = await openDeadLetters({
    platform: testPlatform,
    connection: { url: vhost.url },
    ledger,
    log: new MemoryLog(),
  });
  runtime = startRuntime(vhost.url, { ledger });
});
afterEach(async () => {
  await runtime.messaging.close({ graceMs: 5_000 });
  await letters.close();
  await raw.close();
  await vhost.drop();
});

let broken: boolean;

/** Lets messages die; `repairHandler` lets them be handled afterwards. */
async function letDie(ids: readonly string[]): Promise<void> {
  broken = true;
  runtime.messaging.consume('work', async () => {
    if (broken) throw new PlatformError('MESSAGE_REJECTED', 'the handler is broken');
  });
  await Promise.all(
    ids.map((messageId, n) => runtime.messaging.publisher.publish('work', { n }, { messageId })),
  );
  await eventually(() => expect(ledger.accounts('work')).toMatchObject({ dead: ids.length, open: 0 }));
  await eventually(async () => expect(await raw.count('work.dead')).toBe(ids.length));
}

const stay = (count: number) => eventually(async () => expect(await raw.count('work.dead')).toBe(count));

describe('dead letters', () => {
  it('are read and stay where they are, as often as one likes', async () => {
    await letDie(['a', 'b', 'c']);
    for (let round = 0; round < 25; round += 1) {
      const read = await eventually(async () => {
        const found = await letters.read('work');
        expect(found).toHaveLength(3);
        return found;
      });
      expect(read.map(({ messageId }) => messageId).sort()).toEqual(['a', 'b', 'c']);
      expect(read[0]).toMatchObject({
        code: 'MESSAGE_REJECTED',
        reason: 'the handler is broken',
        attempts: 1,
      });
    }
    await stay(3);
    expect(ledger.accounts('work')).toMatchObject({ dead: 3, open: 0 });
  });

  it('are read up to a limit and by choice', async () => {
    await letDie(['a', 'b', 'c']);
    expect(await letters.read('work', { limit: 2 })).toHaveLength(2);
    await stay(3);
    const [only] = await letters.read('work', { select: ({ messageId }) => messageId === 'b' });
    expect(only?.content.toString()).toMatch(/"n":1/);
    expect(await letters.read('single')).toEqual([]);
  });

  it('go back to their work queue and are handled as if for the first time', async () => {
    await letDie(['a', 'b', 'c']);
    broken = false;
    const before = runtime.told('received').length;
    expect(await letters.replay('work', { select: ({ messageId }) => messageId !== 'b' })).toBe(2);
    await eventually(() =>
      expect(ledger.accounts('work')).toEqual({ published: 3, done: 2, dead: 1, open: 0 }),
    );
    expect(runtime.told('received').slice(before)).toMatchObject([{ attempt: 1 }, { attempt: 1 }]);
    await stay(1);
    expect(ledger.stateOf('work', 'b')).toBe('dead');
  });

  it('lose nothing but the traces of their past when they go back', async () => {
    const headers = { trace: 'abc', 'x-attempt': 3 };
    await raw.put('work.dead', '{"n":5}', {
      messageId: 'd',
      contentType: 'application/json',
      type: 't',
      headers,
    });
    expect(await letters.replay('work')).toBe(1);
    const { content, properties } = await raw.take('work');
    expect(content.toString()).toBe('{"n":5}');
    expect(properties).toMatchObject({
      messageId: 'd',
      contentType: 'application/json',
      type: 't',
      deliveryMode: 2,
    });
    // The count is the broker's own, of this journey; RabbitMQ 4 leaves it out until there is something to count.
    expect({ 'x-delivery-count': 0, ...properties.headers }).toEqual({ trace: 'abc', 'x-delivery-count': 0 });
  });

  it('die again with a letter of their own when nothing was repaired', async () => {
    await letDie(['a']);
    await letters.replay('work');
    await eventually(() => expect(runtime.told('deadLettered')).toHaveLength(2));
    await stay(1);
    await eventually(() =>
      expect(ledger.accounts('work')).toEqual({ published: 1, done: 0, dead: 1, open: 0 }),
    );
  });

  it('take effect once when a replay was cut short after publishing and is repeated', async () => {
    await letDie(['a']);
    broken = false;
    // What the crash leaves behind: the copy in the work queue, and the letter.
    await ledger.reopened('work', 'a');
    await raw.put('work', '{"n":0}', { messageId: 'a', contentType: 'application/json' });
    await eventually(() => expect(ledger.stateOf('work', 'a')).toBe('done'));
    await letters.replay('work');
    await eventually(() => expect(runtime.told('settled').at(-1)).toMatchObject({ outcome: 'duplicate' }));
    await stay(0);
    expect(ledger.accounts('work')).toEqual({ published: 1, done: 1, dead: 0, open: 0 });
  });

  it('stay when their work queue is full', async () => {
    for (let n = 0; n < 5; n += 1) {
      await raw.put('narrow', `{"n":${n}}`, { messageId: `filler-${n}` }).catch(() => undefined);
    }
    await raw.put('narrow.dead', '{"n":9}', { messageId: 'd', contentType: 'application/json' });
    await ledger.settled('narrow', 'd', 'dead');
    await expect(letters.replay('narrow')).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    await eventually(async () => expect(await raw.count('narrow.dead')).toBe(1));
    expect(ledger.stateOf('narrow', 'd')).toBe('dead');
  });

  it('stay when the ledger is away', async () => {
    await letDie(['a']);
    ledger.available = false;
    await expect(letters.replay('work')).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
    // The letter goes back with its channel, which takes the broker a moment.
    await stay(1);
    await expect(letters.discard('work')).rejects.toMatchObject({ code: 'STATE_UNAVAILABLE' });
    ledger.available = true;
    await stay(1);
  });

  it('are discarded by choice, and stay dead in the ledger', async () => {
    await letDie(['a', 'b']);
    expect(await letters.discard('work', { select: ({ messageId }) => messageId === 'a' })).toBe(1);
    await stay(1);
    expect(ledger.accounts('work')).toEqual({ published: 2, done: 0, dead: 2, open: 0 });
  });

  it('are entered into the ledger when the broker gave them up', async () => {
    await ledger.published('work', 'by-the-broker');
    await raw.put('work.dead', 'x', {
      messageId: 'by-the-broker',
      headers: { 'x-first-death-reason': 'delivery_limit' },
    });
    await raw.put('work.dead', 'x');
    expect(await letters.account('work')).toBe(2);
    expect(ledger.accounts('work')).toEqual({ published: 1, done: 0, dead: 1, open: 0 });
    await stay(2);
  });
});

describe('opening the dead letters', () => {
  it('fails when the broker cannot be reached in time', async () => {
    const connection = { url: 'amqp://127.0.0.1:1' };
    const options = { platform: testPlatform, connection, ledger, log: new MemoryLog(), timeoutMs: 200 };
    await expect(openDeadLetters(options)).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
  });
});
