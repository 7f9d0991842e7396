import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { MemoryLedger } from '../harness/memory-ledger.ts';
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
  for (const queue of ['work', 'single', 'narrow'])
    await raw.channel.purgeQueue(queue).catch(() => undefined);
  await raw.close();
});
afterAll(() => vhost.drop());

describe('publishing to a queue', () => {
  it('stores a durable message that says what it is, and counts it', async () => {
    runtime = startRuntime(vhost.url);
    const before = Date.now();
    await runtime.messaging.publisher.publish('work', { n: 7 }, { messageId: 'm-7' });
    const { content, properties, fields } = await raw.take('work');
    expect(JSON.parse(content.toString())).toEqual({ n: 7 });
    expect(properties).toMatchObject({
      messageId: 'm-7',
      deliveryMode: 2,
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      appId: 'tester',
    });
    expect(properties.headers?.['x-published-at-ms']).toBeGreaterThanOrEqual(before);
    expect(properties.timestamp).toBeGreaterThanOrEqual(Math.floor(before / 1000));
    expect(fields.exchange).toBe('test.work');
    expect(runtime.ledger.stateOf('work', 'm-7')).toBe('open');
    expect(runtime.told('published')).toEqual([{ queue: 'work', messageId: 'm-7' }]);
  });

  it('is counted in the ledger before it resolves', async () => {
    const ledger = new MemoryLedger();
    const steps: string[] = [];
    ledger.published = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      steps.push('counted');
    };
    runtime = startRuntime(vhost.url, { ledger });
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'm' });
    steps.push('resolved');
    expect(steps).toEqual(['counted', 'resolved']);
  });

  it('resolves although the ledger is away, because the broker has the message', async () => {
    runtime = startRuntime(vhost.url);
    runtime.ledger.available = false;
    await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'm' });
    expect(await raw.count('work')).toBe(1);
    expect(runtime.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', message: 'a published message is not in the ledger yet' }),
    );
  });

  it('keeps many messages under way at once, and their order', async () => {
    runtime = startRuntime(vhost.url);
    await eventually(() => expect(runtime.messaging.health().connected).toBe(true));
    const { publisher } = runtime.messaging;
    const all = Array.from({ length: 1_000 }, (_, n) =>
      publisher.publish('work', { n }, { messageId: `m-${n}` }),
    );
    expect(runtime.messaging.health().unconfirmed).toBe(1_000);
    expect(runtime.told('published')).toEqual([]);
    await Promise.all(all);
    expect(runtime.messaging.health()).toMatchObject({ unconfirmed: 0, waiting: 0 });
    for (let n = 0; n < 1_000; n += 1) {
      expect(JSON.parse((await raw.take('work')).content.toString())).toEqual({ n });
    }
  });

  it('refuses a payload that does not fit the schema, before it is sent', async () => {
    runtime = startRuntime(vhost.url);
    // Wrong on purpose, as a caller without types would.
    const payload = { n: 'one', more: true } as unknown as { n: number };
    await expect(
      runtime.messaging.publisher.publish('work', payload, { messageId: 'm' }),
    ).rejects.toMatchObject({
      code: 'MESSAGE_SCHEMA_INVALID',
      details: { target: 'queue work', problems: [expect.stringContaining('n:'), expect.any(String)] },
    });
    await expect(
      runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: '' }),
    ).rejects.toMatchObject({
      code: 'MESSAGE_SCHEMA_INVALID',
    });
    await expect(
      runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'ü'.repeat(128) }),
    ).rejects.toMatchObject({ code: 'MESSAGE_SCHEMA_INVALID' });
  });

  it('refuses a queue that is not declared', async () => {
    runtime = startRuntime(vhost.url);
    const unknown = 'nowhere' as 'work';
    await expect(
      runtime.messaging.publisher.publish(unknown, { n: 1 }, { messageId: 'm' }),
    ).rejects.toMatchObject({
      code: 'PLATFORM_DECLARATION_INVALID',
    });
  });

  it('fails with PUBLISH_UNROUTABLE when no queue is bound, and restores the binding', async () => {
    runtime = startRuntime(vhost.url);
    await eventually(() => expect(runtime.messaging.health().connected).toBe(true));
    await raw.channel.unbindQueue('single', 'test.work', 'single');
    const { publisher } = runtime.messaging;
    const results = await Promise.allSettled([
      publisher.publish('single', { n: 1 }, { messageId: 'lost' }),
      publisher.publish('work', { n: 1 }, { messageId: 'fine' }),
      publisher.publish('single', { n: 2 }, { messageId: 'lost' }),
    ]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'PUBLISH_UNROUTABLE' } },
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'PUBLISH_UNROUTABLE' } },
    ]);
    expect(runtime.ledger.stateOf('single', 'lost')).toBeUndefined();
    expect(runtime.told('publishFailed')).toHaveLength(2);
    await eventually(() => publisher.publish('single', { n: 1 }, { messageId: 'again' }));
  });

  it('fails with PUBLISH_REFUSED when the queue is full', async () => {
    runtime = startRuntime(vhost.url);
    const { publisher } = runtime.messaging;
    const fill = async () => {
      for (let n = 0; n < 50; n += 1) await publisher.publish('narrow', { n }, { messageId: `n-${n}` });
    };
    await expect(fill()).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    const { published } = runtime.ledger.accounts('narrow');
    expect(await raw.count('narrow')).toBe(published);
    await raw.channel.purgeQueue('narrow');
    await eventually(() => publisher.publish('narrow', { n: 99 }, { messageId: 'after' }));
  });

  it('declares an exchange that somebody deleted, and sends the messages again', async () => {
    runtime = startRuntime(vhost.url);
    const { publisher } = runtime.messaging;
    await publisher.publish('work', { n: 0 }, { messageId: 'before' });
    await raw.channel.deleteExchange('test.work');
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => publisher.publish('work', { n }, { messageId: `after-${n}` })),
    );
    expect(await raw.count('work')).toBe(21);
    expect(runtime.told('resent').length).toBeGreaterThan(0);
  });
});

describe('the limits of the publisher', () => {
  const limits = { messages: 2, bytes: 1_000_000, waiters: 1 };

  it('refuses what comes before it is started or after it is closed', async () => {
    runtime = startRuntime(vhost.url);
    await runtime.messaging.close({ graceMs: 2_000 });
    await expect(
      runtime.messaging.publisher.publish('work', { n: 1 }, { messageId: 'm' }),
    ).rejects.toMatchObject({
      code: 'PUBLISHER_CLOSED',
    });
  });

  it('hold messages while the broker is away, let a few wait, and refuse the rest', async () => {
    // Nothing listens on this port.
    runtime = startRuntime({ host: '127.0.0.1', port: 1, user: 'u', password: 'p' }, { limits });
    const { publisher } = runtime.messaging;
    const controller = new AbortController();
    const { signal } = controller;
    const held = [1, 2, 3].map((n) => publisher.publish('work', { n }, { messageId: `m-${n}`, signal }));
    const refused = publisher.publish('work', { n: 4 }, { messageId: 'm-4' });
    await expect(refused).rejects.toMatchObject({ code: 'PUBLISH_BUFFER_FULL' });
    expect(runtime.messaging.health()).toMatchObject({ connected: false, unconfirmed: 2, waiting: 1 });
    controller.abort();
    for (const promise of held) await expect(promise).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' });
    expect(runtime.messaging.health()).toMatchObject({ unconfirmed: 0, waiting: 0 });
    const late = publisher.publish('work', { n: 5 }, { messageId: 'm-5', signal });
    await expect(late).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' });
  });

  it('reject what is still held when the time to close is over', async () => {
    runtime = startRuntime({ host: '127.0.0.1', port: 1, user: 'u', password: 'p' }, { limits });
    const held = [1, 2, 3].map((n) =>
      runtime.messaging.publisher
        .publish('work', { n }, { messageId: `m-${n}` })
        .catch((error) => error.code),
    );
    await runtime.messaging.close({ graceMs: 300 });
    expect(await Promise.all(held)).toEqual(['PUBLISHER_CLOSED', 'PUBLISHER_CLOSED', 'PUBLISHER_CLOSED']);
  });

  it('let everybody through in turn when the broker is there', async () => {
    runtime = startRuntime(vhost.url, { limits: { messages: 3, bytes: 60, waiters: 1_000 } });
    const { publisher } = runtime.messaging;
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => publisher.publish('work', { n }, { messageId: `m-${n}` })),
    );
    const { content } = await raw.take('work');
    expect(JSON.parse(content.toString())).toEqual({ n: 0 });
    expect(await raw.count('work')).toBe(299);
  });

  it('are empty after a flush', async () => {
    runtime = startRuntime(vhost.url);
    const promises = [1, 2, 3].map((n) =>
      runtime.messaging.publisher.publish('work', { n }, { messageId: `f-${n}` }),
    );
    await runtime.messaging.flush();
    expect(runtime.messaging.health().unconfirmed).toBe(0);
    expect(await raw.count('work')).toBe(3);
    await Promise.all(promises);
    await runtime.messaging.flush();
  });
});
