import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { cutToBytes, encodedSize, fitHeaders, shortString } from '../../workers/messaging/header-table.ts';

/** The client library's own encoder: what fits by our account must fit by its. */
const codec = createRequire(import.meta.url)('../../node_modules/amqplib/lib/codec.js') as {
  encodeTable(buffer: Buffer, table: object, offset: number): number;
  decodeFields(slice: Buffer): Record<string, unknown>;
};
const buffer = Buffer.alloc(1024 * 1024);

const hostile: readonly unknown[] = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  2 ** 50 + 0.5,
  -(2 ** 50) - 0.5,
  -(2 ** 63) - 4096,
  -1e300,
  { '!': 'unheard of', value: 1 },
  { '!': 'timestamp', value: Number.NaN },
  { '!': 'timestamp', value: 2 ** 64 },
  { '!': 'decimal', value: { places: 300, digits: 1 } },
  { '!': 'decimal', value: null },
  { inner: { '!': 1 } },
  { ['é'.repeat(200)]: 1 },
  undefined,
  () => 1,
  10n,
  Symbol('x'),
];

const harmless: readonly unknown[] = [
  'text',
  'ümläut €',
  '',
  true,
  null,
  0,
  -1,
  127,
  128,
  -129,
  40_000,
  2 ** 31,
  2 ** 40,
  2 ** 53,
  2 ** 62,
  2 ** 64,
  -(2 ** 63),
  0.5,
  -1234.75,
  Buffer.from([1, 2, 3]),
  [1, 'two', [3, null]],
  { nested: { deeper: [true] } },
  { '!': 'timestamp', value: 1_700_000_000 },
  { '!': 'decimal', value: { places: 2, digits: 100 } },
];

describe('the encoded size of a header value', () => {
  it.each(hostile)('is unknown for %p, which the client library cannot write', (value) => {
    expect(encodedSize(value)).toBeUndefined();
  });

  it.each(harmless)('is never less than what the client library writes for %p', (value) => {
    const ours = encodedSize({ name: value });
    const theirs = codec.encodeTable(buffer, { name: value }, 0);
    expect(ours).toBeGreaterThanOrEqual(theirs);
    expect(Number(ours) - theirs).toBeLessThan(64);
  });

  it('holds for anything that can arrive from a broker', () => {
    for (let round = 0; round < 5_000; round += 1) {
      const value = randomValue(0);
      const size = encodedSize({ name: value });
      if (size === undefined) continue;
      expect(codec.encodeTable(buffer, { name: value }, 0)).toBeLessThanOrEqual(size);
    }
  });

  it('is unknown for tables nested so deeply that reading them takes the stack', () => {
    let nested: unknown = 1;
    for (let depth = 0; depth < 20_000; depth += 1) nested = { a: nested };
    expect(encodedSize(nested)).toBeUndefined();
  });
});

describe('fitting headers into a table', () => {
  it('keeps all that fit', () => {
    expect(fitHeaders({ a: 1 }, { b: 2, c: 'x' }, 1_000)).toEqual({
      headers: { a: 1, b: 2, c: 'x' },
      dropped: [],
    });
  });

  it('lets required headers win over others of the same name', () => {
    expect(fitHeaders({ a: 1 }, { a: 2 }, 1_000).headers).toEqual({ a: 1 });
  });

  it('drops what cannot be encoded and what is too large, and keeps smaller ones behind it', () => {
    const others = { large: 'x'.repeat(500), odd: Number.NaN, small: 1 };
    const { headers, dropped } = fitHeaders({ must: 'y' }, others, 100);
    expect(headers).toEqual({ must: 'y', small: 1 });
    expect(dropped).toEqual(['large', 'odd']);
  });

  it('never exceeds its budget, by the account of the client library', () => {
    const others = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`name-${index}`, 'é'.repeat(40)]),
    );
    const { headers, dropped } = fitHeaders({ must: 1 }, others, 4_096);
    expect(codec.encodeTable(buffer, headers, 0)).toBeLessThanOrEqual(4_096);
    expect(dropped.length).toBeGreaterThan(400);
    expect(Object.keys(headers).length + dropped.length).toBe(501);
  });

  it('takes a header named __proto__ for a header', () => {
    const others = JSON.parse('{"__proto__": {"x-attempt": 5}, "b": 1}');
    const { headers } = fitHeaders({}, others, 1_000);
    expect(Reflect.get(headers, 'x-attempt')).toBeUndefined();
    expect(headers['b']).toBe(1);
  });
});

describe('cutting a text to bytes', () => {
  it('leaves a short text alone', () => {
    expect(cutToBytes('héllo', 6)).toBe('héllo');
  });

  it('cuts between characters', () => {
    expect(cutToBytes('ééé', 5)).toBe('éé');
    expect(cutToBytes('😀😀', 6)).toBe('😀');
    expect(Buffer.byteLength(cutToBytes('€'.repeat(100), 255))).toBeLessThanOrEqual(255);
  });

  it('makes short strings of texts and nothing of anything else', () => {
    expect(shortString('id')).toBe('id');
    expect(Buffer.byteLength(shortString('ü'.repeat(400)) ?? '')).toBeLessThanOrEqual(255);
    for (const value of ['', undefined, null, 7, {}]) expect(shortString(value)).toBeUndefined();
  });
});

function randomValue(depth: number): unknown {
  const pick = Math.floor(Math.random() * (depth > 3 ? 6 : 8));
  switch (pick) {
    case 0:
      return (Math.random() - 0.5) * 10 ** Math.floor(Math.random() * 40);
    case 1:
      return Math.trunc((Math.random() - 0.5) * 2 ** Math.floor(Math.random() * 66));
    case 2:
      return String.fromCharCode(...Array.from({ length: 8 }, () => Math.floor(Math.random() * 65_536)));
    case 3:
      return Math.random() < 0.5;
    case 4:
      return hostile[Math.floor(Math.random() * hostile.length)];
    case 5:
      return harmless[Math.floor(Math.random() * harmless.length)];
    case 6:
      return Array.from({ length: 3 }, () => randomValue(depth + 1));
    default:
      return { a: randomValue(depth + 1), '\uD800': randomValue(depth + 1) };
  }
}
