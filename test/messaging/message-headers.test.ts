import { describe, expect, it } from '@jest/globals';
import type { MessageProperties } from 'amqplib';
import {
  attemptOf,
  carryOn,
  deliveryCountOf,
  postponementsOf,
  publishedAtOf,
} from '../../workers/messaging/message-headers.ts';

/** Properties as amqplib decodes them, where every one that the message lacks is undefined. */
function propertiesWith(given: Partial<MessageProperties>): MessageProperties {
  const names = [
    'contentType',
    'contentEncoding',
    'headers',
    'deliveryMode',
    'priority',
    'correlationId',
    'replyTo',
  ];
  const more = ['expiration', 'messageId', 'timestamp', 'type', 'userId', 'appId', 'clusterId'];
  const empty = Object.fromEntries([...names, ...more].map((name) => [name, undefined]));
  // All names are there; TypeScript cannot see it in fromEntries.
  return { ...(empty as unknown as MessageProperties), ...given };
}

describe('the attempt of a delivery', () => {
  it('is what the header counts', () => {
    expect(attemptOf({ 'x-attempt': 3 }, 7)).toBe(3);
  });

  it.each([undefined, null, 0, -4, 1.5, Number.NaN, '3', 'x', {}, [], true, Number.MAX_VALUE])(
    'is the first for a header of %p that nobody of ours wrote',
    (value) => {
      expect(attemptOf({ 'x-attempt': value }, 7)).toBe(1);
    },
  );

  it('is never beyond the last one', () => {
    expect(attemptOf({ 'x-attempt': 1_000_000 }, 7)).toBe(7);
  });
});

describe('the other counters', () => {
  it('are zero for nonsense', () => {
    for (const value of [undefined, -1, 'many', 0.5]) {
      expect(postponementsOf({ 'x-postponed': value })).toBe(0);
      expect(deliveryCountOf({ 'x-delivery-count': value })).toBe(0);
    }
  });

  it('count', () => {
    expect(postponementsOf({ 'x-postponed': 12 })).toBe(12);
    expect(postponementsOf({ 'x-postponed': 10 ** 12 })).toBe(1_000_000);
    expect(deliveryCountOf({ 'x-delivery-count': 2 })).toBe(2);
  });
});

describe('when a message was published', () => {
  it('is known to the millisecond from our header, else to the second from the property', () => {
    const headers = { 'x-published-at-ms': 1_700_000_000_123 };
    expect(publishedAtOf(propertiesWith({ headers, timestamp: 1_600_000_000 }))?.getTime()).toBe(
      1_700_000_000_123,
    );
    expect(publishedAtOf(propertiesWith({ timestamp: 1_600_000_000 }))?.getTime()).toBe(1_600_000_000_000);
  });

  it.each([undefined, 0, -5, Number.MAX_SAFE_INTEGER, 'yesterday', {}])('is unknown for %p', (timestamp) => {
    expect(publishedAtOf(propertiesWith({ timestamp }))).toBeUndefined();
  });
});

describe('the properties of a message that is published again', () => {
  it('are durable, mandatory, and those that describe the message', () => {
    const original = propertiesWith({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      correlationId: 'c',
      type: 't',
      appId: 'a',
      timestamp: 1_700_000_000,
      headers: { trace: 'abc' },
    });
    expect(carryOn('id', original, { 'x-attempt': 2 })).toEqual({
      properties: {
        messageId: 'id',
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        correlationId: 'c',
        type: 't',
        appId: 'a',
        timestamp: 1_700_000_000,
        headers: { trace: 'abc', 'x-attempt': 2 },
        persistent: true,
        mandatory: true,
      },
      dropped: [],
    });
  });

  it('leave out what the broker would refuse or act on', () => {
    const original = propertiesWith({
      userId: 'somebody else',
      replyTo: 'amq.rabbitmq.reply-to',
      expiration: '1',
      clusterId: 'x',
      priority: 5,
      deliveryMode: 1,
    });
    const { properties } = carryOn('id', original, {});
    expect(Object.keys(properties).sort()).toEqual(['headers', 'mandatory', 'messageId', 'persistent']);
  });

  it('leave out additional routing keys and what the broker said about earlier journeys', () => {
    const headers = {
      CC: ['other'],
      BCC: ['another'],
      'x-death': [],
      'x-first-death-queue': 'q',
      'x-last-death-reason': 'expired',
      'x-delivery-count': 3,
      'x-acquired-count': 3,
      mine: 1,
    };
    expect(carryOn('id', propertiesWith({ headers }), {}).properties.headers).toEqual({ mine: 1 });
  });

  it('leave out the headers that the caller names', () => {
    const headers = { 'x-dead-code': 'X', mine: 1 };
    const carried = carryOn('id', propertiesWith({ headers }), {}, (name) => name.startsWith('x-dead-'));
    expect(carried.properties.headers).toEqual({ mine: 1 });
  });

  it('drop and name headers too large for a frame', () => {
    const headers = { huge: 'x'.repeat(100_000), small: 1 };
    const carried = carryOn('id', propertiesWith({ headers }), { 'x-attempt': 2 });
    expect(carried.properties.headers).toEqual({ small: 1, 'x-attempt': 2 });
    expect(carried.dropped).toEqual(['huge']);
  });

  it('cut texts that would not fit a short string again', () => {
    const carried = carryOn('id', propertiesWith({ type: '\uFFFD'.repeat(255), contentType: 7 }), {});
    expect(Buffer.byteLength(carried.properties.type ?? '')).toBeLessThanOrEqual(255);
    expect(carried.properties.contentType).toBeUndefined();
  });
});
