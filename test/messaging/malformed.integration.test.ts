import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Options } from 'amqplib';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { startRuntime, type TestRuntime } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let runtime: TestRuntime;
let handled: string[];

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
  raw = await connectRaw(vhost.url);
});
beforeEach(() => {
  handled = [];
  runtime = startRuntime(vhost.url);
  for (const queue of ['work', 'fragile'] as const) {
    runtime.messaging.consume(queue, async (_, { messageId }) => {
      handled.push(messageId);
    });
  }
});
afterEach(() => runtime.messaging.close({ graceMs: 5_000 }));
afterAll(async () => {
  await raw.close();
  await vhost.drop();
});

const json = { contentType: 'application/json' };

/** Shows that the consumer goes on. */
async function stillWorks(): Promise<void> {
  const messageId = `after-${Math.random()}`;
  await runtime.messaging.publisher.publish('work', { n: 1 }, { messageId });
  await eventually(() => expect(handled).toContain(messageId));
}

const malformed: readonly [string, Buffer | string, Options.Publish, string][] = [
  ['no JSON', '<order/>', json, 'MESSAGE_NOT_JSON'],
  ['an empty body', '', json, 'MESSAGE_NOT_JSON'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), json, 'MESSAGE_NOT_JSON'],
  ['another shape', '{"n":"one"}', json, 'MESSAGE_SCHEMA_INVALID'],
  ['a list', '[]', json, 'MESSAGE_SCHEMA_INVALID'],
  ['null', 'null', json, 'MESSAGE_SCHEMA_INVALID'],
  ['a field too many', '{"n":1,"__proto__":{"n":2}}', json, 'MESSAGE_SCHEMA_INVALID'],
  ['another content type', '{"n":1}', { contentType: 'text/xml' }, 'MESSAGE_CONTENT_TYPE_UNSUPPORTED'],
  ['a compressed body', '{"n":1}', { ...json, contentEncoding: 'gzip' }, 'MESSAGE_CONTENT_TYPE_UNSUPPORTED'],
  ['too many bytes', `{"n":1${' '.repeat(5_000)}}`, json, 'MESSAGE_TOO_LARGE'],
];

describe('a message that cannot be handled', () => {
  it.each(malformed)(
    'rests untouched in the dead letters with its reason: %s',
    async (_, body, properties, code) => {
      const messageId = `bad-${Math.random()}`;
      await raw.put('work', body, { ...properties, messageId, headers: { trace: 'abc' } });
      const letter = await raw.take('work.dead');
      expect(letter.content).toEqual(Buffer.from(body));
      expect(letter.properties).toMatchObject({ messageId, ...properties });
      expect(letter.properties.headers).toMatchObject({
        trace: 'abc',
        'x-dead-code': code,
        'x-dead-reason': expect.stringMatching(/\w/),
        'x-dead-attempts': 1,
      });
      await eventually(() => expect(runtime.ledger.stateOf('work', messageId)).toBe('dead'));
      await stillWorks();
      expect(handled).not.toContain(messageId);
    },
  );

  it('is given an id when it has none', async () => {
    await raw.put('work', 'nonsense', json);
    const letter = await raw.take('work.dead');
    expect(letter.properties.messageId).toMatch(/^[0-9a-f-]{36}$/);
    await eventually(() =>
      expect(runtime.ledger.accounts('work')).toEqual({ published: 1, done: 0, dead: 1, open: 0 }),
    );
  });
});

describe('a message from a foreign publisher', () => {
  it('is handled without a content type and without an id, each copy for itself', async () => {
    await raw.put('work', '{"n":1}');
    await raw.put('work', '{"n":1}');
    await eventually(() => expect(handled).toHaveLength(2));
    expect(new Set(handled).size).toBe(2);
    await eventually(() =>
      expect(runtime.ledger.accounts('work')).toEqual({ published: 2, done: 2, dead: 0, open: 0 }),
    );
  });

  it.each([
    ['-5', -5],
    ['zero', 0],
    ['a text', 'many'],
    ['a table', { a: 1 }],
    ['a list', [1, 2]],
    ['half', 1.5],
    ['nothing', null],
  ])('begins with its first attempt when it counts %s of them', async (_, attempt) => {
    const attempts: number[] = [];
    const remove = runtime.messaging.on('received', (event) => attempts.push(event.attempt));
    const messageId = `odd-${Math.random()}`;
    await raw.put('work', '{"n":1}', {
      messageId,
      headers: { 'x-attempt': attempt, 'x-postponed': attempt },
    });
    await eventually(() => expect(handled).toContain(messageId));
    expect(attempts).toEqual([1]);
    remove();
  });

  it('survives headers and properties that the broker would act on, all the way to the dead letters', async () => {
    await raw.put('work', 'nonsense', {
      messageId: 'odd-properties',
      contentType: 'application/json',
      replyTo: 'amq.rabbitmq.reply-to.g1h2AA5yZXBseUA1MDU3NzQ4NwAAA',
      correlationId: 'c-1',
      expiration: '60000',
      priority: 200,
      type: 't'.repeat(255),
      headers: {
        CC: ['single', 'narrow'],
        'x-death': 'what',
        'x-match': 'all',
        when: { '!': 'timestamp', value: 5 },
      },
    });
    const letter = await raw.take('work.dead');
    expect(letter.properties).toMatchObject({
      correlationId: 'c-1',
      type: 't'.repeat(255),
      expiration: undefined,
    });
    expect(letter.properties.headers).toMatchObject({ when: { '!': 'timestamp', value: 5 } });
    // The copies went where their publisher sent them, and the dead letter did not go there again.
    expect(await raw.count('single')).toBe(1);
    await stillWorks();
  });

  it('loses headers that leave no room for the reason, and nothing else', async () => {
    const headers = { large: 'x'.repeat(60_000), small: 'kept' };
    await raw.put('work', 'nonsense', { ...json, messageId: 'large-headers', headers });
    const letter = await raw.take('work.dead');
    expect(letter.properties.headers).toMatchObject({ small: 'kept', 'x-dead-code': 'MESSAGE_NOT_JSON' });
    expect(letter.properties.headers).not.toHaveProperty('large');
    expect(runtime.log.lines).toContainEqual(
      expect.objectContaining({ fields: expect.objectContaining({ dropped: ['large'] }) }),
    );
  });

  it('ends in the dead letters by the policy of the broker when it breaks the client library itself', async () => {
    // Tables nested this deeply take amqplib's stack while it decodes them, and with it the connection.
    const depth = 15_000;
    const nested = `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;
    const properties = `{"message_id":"deep","content_type":"application/json","headers":{"deep":${nested}}}`;
    const { username, password } = new URL(vhost.url);
    const published = await fetch(`${vhost.managementUrl}/api/exchanges/${vhost.vhost}/amq.default/publish`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}` },
      body: `{"properties":${properties},"routing_key":"fragile","payload":"{}","payload_encoding":"string"}`,
    });
    expect(published.status).toBe(200);
    await eventually(async () => expect(await raw.count('fragile.dead')).toBe(1));
    expect(runtime.told('lost').length).toBeGreaterThanOrEqual(1);
    await stillWorks();
    await raw.channel.purgeQueue('fragile.dead');
  });
});

describe('thousands of random messages', () => {
  it('are each handled or dead, and none is lost', async () => {
    const total = 3_000;
    const valid = new Set<string>();
    const puts: Promise<void>[] = [];
    for (let index = 0; index < total; index += 1) {
      const messageId = `fuzz-${index}`;
      const isValid = Math.random() < 0.3;
      if (isValid) valid.add(messageId);
      const body = isValid ? JSON.stringify({ n: index }) : randomBody();
      const properties = isValid ? json : randomProperties();
      puts.push(raw.put('work', body, { ...properties, messageId, headers: randomHeaders() }));
    }
    await Promise.all(puts);
    await eventually(
      () => expect(runtime.ledger.accounts('work')).toMatchObject({ published: total, open: 0 }),
      60_000,
    );
    const { done, dead } = runtime.ledger.accounts('work');
    expect(done + dead).toBe(total);
    expect(new Set(handled)).toEqual(expect.objectContaining({ size: done }));
    for (const messageId of valid) expect(handled).toContain(messageId);
    expect(await raw.count('work')).toBe(0);
    await eventually(async () => expect(await raw.count('work.dead')).toBe(dead));
    expect(runtime.told('lost')).toEqual([]);
    expect(runtime.told('unsubscribed')).toEqual([]);
  }, 120_000);
});

function pick<T>(items: readonly [T, ...T[]]): T {
  return items[Math.floor(Math.random() * items.length)] ?? items[0];
}

function randomBody(): Buffer {
  return pick([
    () =>
      Buffer.from(
        Array.from({ length: Math.floor(Math.random() * 300) }, () => Math.floor(Math.random() * 256)),
      ),
    () =>
      Buffer.from(
        JSON.stringify({ n: pick([1, 'x', null, 1.5, [], {}, true]), extra: pick([undefined, 1]) }),
      ),
    () => Buffer.from(pick(['', '{', '[[[[', '"', 'null', '1e999', '{"n":1}{"n":1}', '\u0000', '{"n":NaN}'])),
    () => Buffer.alloc(Math.floor(Math.random() * 6_000), ' '),
  ])();
}

function randomProperties(): Options.Publish {
  return {
    contentType: pick([
      'application/json',
      'text/plain',
      'x'.repeat(255),
      'application/json; charset=koi8-r',
      ';',
    ]),
    contentEncoding: pick(['utf-8', 'gzip', '\uFFFD', 'UTF8']),
    ...(Math.random() < 0.3 && {
      correlationId: '\uFFFD'.repeat(80),
      replyTo: 'r',
      timestamp: pick([0, 1, 2 ** 52]),
    }),
  };
}

function randomHeaders(): Record<string, unknown> {
  return {
    'x-attempt': pick([undefined, 1, -1, 'x', 2 ** 40, { a: [1] }]),
    'x-postponed': pick([undefined, 5, 'x']),
    'x-death': pick([undefined, 'x', [{}]]),
    'x-dead-code': pick([undefined, 'FAKE']),
    [pick(['a', '__proto__', 'constructor', '', 'é'.repeat(100)])]: pick([
      1,
      0.25,
      Buffer.alloc(10),
      [[[]]],
      'x'.repeat(3_000),
    ]),
  };
}
