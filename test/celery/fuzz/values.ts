import type { Random } from '../../harness/random.ts';

/** Texts that programs trip over. */
const texts = [
  '',
  ' ',
  '0',
  'null',
  'None',
  'tests.add',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  '\u202e\u200b',
  '💥'.repeat(40),
  "'; DROP TABLE tasks; --",
  '{{7*7}}%s%n',
  '../../etc/passwd',
  'celery-task-meta-fuzz-1',
  '2026-02-30T25:61:61',
  '-1',
  '1e999',
  'x'.repeat(300),
  'x'.repeat(5_000),
] as const;

const numbers = [
  0,
  -0,
  1,
  -1,
  0.5,
  255,
  256,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53,
  2 ** 63,
  1e300,
  -1e300,
  5e-324,
] as const;

/** JSON that no JavaScript object becomes: `JSON.stringify` puts these texts where the marks are. */
const rawJson: Readonly<Record<string, string>> = {
  '@raw:nan': 'NaN',
  '@raw:infinity': '-Infinity',
  '@raw:long': '123456789012345678901234567890',
  '@raw:exponent': '1e400',
  '@raw:datetime': '{"__type__":"datetime","__value__":"2026-01-02T03:04:05+00:00"}',
  '@raw:decimal': '{"__type__":"decimal","__value__":"1.10"}',
  '@raw:uuid': '{"__type__":"uuid","__value__":{"hex":5}}',
  '@raw:bytes': '{"__type__":"base64","__value__":"not base64!"}',
  '@raw:tag': '{"__type__":[],"__value__":{"__type__":"__proto__","__value__":null}}',
  '@raw:proto': '{"__proto__":{"isAdmin":true},"constructor":{"prototype":null}}',
  '@raw:twice': '{"id":1,"id":[2]}',
};

export function anyText(random: Random): string {
  return random.pick(texts);
}

export function anyNumber(random: Random): number {
  return random.chance(0.5) ? random.pick(numbers) : random.below(2_000) - 1_000;
}

/** Any value of JSON, and marks for some beyond. */
export function anyValue(random: Random, depth = 3): unknown {
  switch (random.below(depth > 0 ? 9 : 6)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
    case 3:
      return anyNumber(random);
    case 4:
      return anyText(random);
    case 5:
      return random.pick(Object.keys(rawJson));
    case 6:
    case 7:
      return random.some(4, () => anyValue(random, depth - 1));
    default:
      return Object.fromEntries(random.some(4, () => [anyText(random), anyValue(random, depth - 1)]));
  }
}

/** A value of an AMQP table (AMQP 0-9-1, 4.2.5.5), as amqplib takes it. */
export function anyTableValue(random: Random, depth = 2): unknown {
  switch (random.below(depth > 0 ? 10 : 7)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return anyNumber(random);
    case 3:
      return random.chance(0.5) ? anyText(random) : random.below(1_000);
    case 4:
      return Buffer.from(anyText(random));
    case 5:
      return { '!': 'timestamp', value: random.below(2 ** 31) };
    case 6:
      return { '!': 'decimal', value: { digits: random.below(1_000), places: random.below(5) } };
    case 7:
    case 8:
      return random.some(3, () => anyTableValue(random, depth - 1));
    default:
      return Object.fromEntries(
        random.some(3, () => [`k${random.below(5)}`, anyTableValue(random, depth - 1)]),
      );
  }
}

/** A time: past, soon, or nonsense. */
export function anyTime(random: Random): unknown {
  switch (random.below(8)) {
    case 0:
      return new Date(Date.now() + random.below(1_500)).toISOString();
    case 1:
      return '2020-01-01T00:00:00';
    case 2:
      return '2020-01-01T00:00:00.123456+05:30';
    case 3:
      return new Date(Date.now() + random.below(1_500)).toISOString().replace('Z', '+00:00');
    case 4:
      // Years ahead, so that it has to wait at the broker.
      return `${2040 + random.below(40)}-01-01T00:00:00Z`;
    case 5:
      return anyNumber(random);
    case 6:
      return random.pick(['9999-12-31T23:59:60Z', '2026-13-01', '0000-00-00', '2026-01-01T00:00:00+99:99']);
    default:
      return anyText(random);
  }
}

/** A value as the client library can write it into headers: large whole numbers as floating-point ones, texts cut. */
export function asTable(value: unknown): unknown {
  if (typeof value === 'string') return value.slice(0, 10_000);
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : { '!': 'double', value };
  if (Array.isArray(value)) return value.map(asTable);
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || '!' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name.slice(0, 50), asTable(each)]));
}

/** JSON, with what JSON has no words for in place of its marks. */
export function encodeJson(value: unknown): Buffer {
  const text = JSON.stringify(value) ?? '';
  return Buffer.from(text.replaceAll(/"(@raw:\w+)"/g, (all, mark: string) => rawJson[mark] ?? all));
}
