import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PlatformError } from '../../workers/platform/errors.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let runtime: TestRuntime;

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
beforeEach(() => {
  runtime = startRuntime(vhost.url);
});
afterEach(() => runtime.messaging.close({ graceMs: 5_000 }));
afterAll(async () => {
  await raw.close();
  await vhost.drop();
});

describe('a message whose handler fails', () => {
  it('is tried again later, with the same body and id and the attempts counted', async () => {
    const seen: unknown[] = [];
    runtime.messaging.consume('work', async (payload, { attempt, messageId }) => {
      seen.push([payload, messageId, attempt]);
      if (attempt < 3) throw new Error('not yet');
    });
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'again' });
    await eventually(() => expect(runtime.ledger.stateOf('work', 'again')).toBe('done'));
    expect(seen).toEqual([
      [{ n: 1 }, 'again', 1],
      [{ n: 1 }, 'again', 2],
      [{ n: 1 }, 'again', 3],
    ]);
    expect(runtime.told('delayed').map(({ attempt }) => attempt)).toEqual([1, 2]);
    for (const { delayMs } of runtime.told('delayed')) expect(delayMs).toBeGreaterThanOrEqual(100);
    expect(runtime.told('settled').map(({ outcome }) => outcome)).toEqual(['retry', 'retry', 'done']);
  });

  it('rests in the dead letters after its last attempt, with all that helps to understand it', async () => {
    runtime.messaging.consume('work', async () => {
      throw new PlatformError('NO_DRIVER_FREE', 'nobody near');
    });
    await runtime.messaging.publisher.publish('work', { n: 2 }, { messageId: 'hopeless' });
    const { content, properties } = await raw.take('work.dead');
    expect(content.toString()).toBe('{"n":2}');
    expect(properties).toMatchObject({
      messageId: 'hopeless',
      contentType: 'application/json',
      deliveryMode: 2,
    });
    expect(properties.headers).toMatchObject({
      'x-dead-code': 'MESSAGE_ATTEMPTS_EXHAUSTED',
      'x-dead-reason': 'attempt 3 of 3 failed: nobody near',
      'x-dead-attempts': 3,
      'x-dead-queue': 'work',
      'x-dead-error-name': 'PlatformError NO_DRIVER_FREE',
      'x-dead-error-message': 'nobody near',
      'x-dead-error-stack': expect.stringContaining('retry.integration.test'),
      'x-published-at-ms': expect.any(Number),
    });
    await eventually(() => expect(runtime.ledger.stateOf('work', 'hopeless')).toBe('dead'));
  });

  it('goes to the dead letters at once when the handler rejects it', async () => {
    let attempts = 0;
    runtime.messaging.consume('work', async () => {
      attempts += 1;
      throw new PlatformError('MESSAGE_REJECTED', 'no such order');
    });
    await runtime.messaging.publisher.publish('work', { n: 3 }, { messageId: 'rejected' });
    const { properties } = await raw.take('work.dead');
    expect(properties.headers).toMatchObject({
      'x-dead-code': 'MESSAGE_REJECTED',
      'x-dead-reason': 'no such order',
      'x-dead-attempts': 1,
    });
    expect(attempts).toBe(1);
  });

  it('is tried again when the handler takes too long, and dead after that happened too often', async () => {
    const reasons: unknown[] = [];
    runtime.messaging.consume(
      'brief',
      (_, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reasons.push(signal.reason);
            reject(signal.reason);
          });
        }),
    );
    await runtime.messaging.publisher.publish('brief', { n: 4 }, { messageId: 'slow' });
    const { properties } = await raw.take('brief.dead');
    expect(properties.headers).toMatchObject({
      'x-dead-code': 'MESSAGE_ATTEMPTS_EXHAUSTED',
      'x-dead-error-name': 'PlatformError MESSAGE_HANDLER_TIMEOUT',
    });
    expect(reasons).toHaveLength(2);
  });
});

describe('a message that waits for something the platform needs', () => {
  it('is postponed without losing attempts, as often as needed', async () => {
    let calls = 0;
    const attempts: number[] = [];
    runtime.messaging.consume('work', async (_, { attempt }) => {
      attempts.push(attempt);
      calls += 1;
      if (calls <= 5) throw new PlatformError('STATE_UNAVAILABLE');
    });
    await runtime.messaging.publisher.publish('work', { n: 5 }, { messageId: 'patient' });
    await eventually(() => expect(runtime.ledger.stateOf('work', 'patient')).toBe('done'));
    expect(attempts).toEqual([1, 1, 1, 1, 1, 1]);
    expect(runtime.told('settled').map(({ outcome }) => outcome)).toEqual([
      ...Array.from({ length: 5 }, () => 'postpone'),
      'done',
    ]);
  });

  it('is not even begun while the ledger is away, and the consumer does not spin', async () => {
    let handled = 0;
    runtime.messaging.consume('single', async () => {
      handled += 1;
    });
    const { publisher } = runtime.messaging;
    runtime.ledger.available = false;
    const ids = Array.from({ length: 20 }, (_, n) => `away-${n}`);
    await Promise.all(ids.map((messageId, n) => publisher.publish('single', { n }, { messageId })));
    await eventually(() => expect(runtime.told('delayed').length).toBeGreaterThanOrEqual(4));
    const before = Date.now();
    const callsBefore = runtime.told('received').length;
    await eventually(() => expect(Date.now() - before).toBeGreaterThan(1_500));
    // One delivery a time, each followed by a growing pause: a handful, where a spinning one has thousands.
    expect(runtime.told('received').length - callsBefore).toBeLessThan(20);
    expect(handled).toBe(0);
    runtime.ledger.available = true;
    await eventually(() => expect(runtime.ledger.accounts('single')).toMatchObject({ done: 20, open: 0 }));
    expect(handled).toBe(20);
    expect(new Set(runtime.told('received').map(({ attempt }) => attempt))).toEqual(new Set([1]));
  });

  it('is not acknowledged as dead before the ledger knows of it', async () => {
    runtime.messaging.consume('work', async () => {
      runtime.ledger.available = false;
      throw new PlatformError('MESSAGE_REJECTED', 'never');
    });
    await runtime.messaging.publisher.publish('work', { n: 6 }, { messageId: 'late-account' });
    await raw.take('work.dead');
    await eventually(() =>
      expect(runtime.log.lines).toContainEqual(
        expect.objectContaining({ message: 'a dead letter is not in the ledger yet' }),
      ),
    );
    expect(runtime.told('settled')).toEqual([]);
    runtime.ledger.available = true;
    await eventually(() => expect(runtime.told('settled')).toHaveLength(1));
    expect(runtime.ledger.stateOf('work', 'late-account')).toBe('dead');
  });
});

describe('a message that comes twice', () => {
  it('takes effect once', async () => {
    let handled = 0;
    runtime.messaging.consume('work', async () => {
      handled += 1;
    });
    const { publisher } = runtime.messaging;
    await publisher.publish('work', { n: 7 }, { messageId: 'twin' });
    await publisher.publish('work', { n: 7 }, { messageId: 'twin' });
    await eventually(() => expect(runtime.told('settled')).toHaveLength(2));
    expect(handled).toBe(1);
    expect(
      runtime
        .told('settled')
        .map(({ outcome }) => outcome)
        .sort(),
    ).toEqual(['done', 'duplicate']);
    expect(runtime.ledger.accounts('work')).toMatchObject({ open: 0 });
  });
});

describe('a message that ends its worker', () => {
  it('is given up by the policy of the broker when no consumer of ours gets to see it', async () => {
    await raw.put('fragile', '{"n":1}', { messageId: 'killer', contentType: 'application/json' });
    for (let death = 0; death < 3; death += 1) {
      const victim = await connectRaw(vhost.url);
      await eventually(async () =>
        expect(await victim.channel.get('fragile', { noAck: false })).not.toBe(false),
      );
      await victim.close();
    }
    const { properties } = await raw.take('fragile.dead');
    expect(properties).toMatchObject({
      messageId: 'killer',
      headers: { 'x-first-death-reason': 'delivery_limit', 'x-first-death-queue': 'fragile' },
    });
  });

  it('is given up with a reason, and accounted for, on its last delivery', async () => {
    await raw.put('fragile', '{"n":2}', { messageId: 'killer-2', contentType: 'application/json' });
    for (let death = 0; death < 2; death += 1) {
      const victim = await connectRaw(vhost.url);
      await eventually(async () =>
        expect(await victim.channel.get('fragile', { noAck: false })).not.toBe(false),
      );
      await victim.close();
    }
    const seen: unknown[] = [];
    runtime.messaging.consume('fragile', async (payload) => {
      seen.push(payload);
    });
    const { properties } = await raw.take('fragile.dead');
    expect(properties.headers).toMatchObject({
      'x-dead-code': 'MESSAGE_ATTEMPTS_EXHAUSTED',
      'x-dead-delivery-count': 2,
    });
    expect(seen).toEqual([]);
    await eventually(() => expect(runtime.ledger.stateOf('fragile', 'killer-2')).toBe('dead'));
  });
});
