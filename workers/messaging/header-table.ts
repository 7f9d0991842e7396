/** Deeper nesting is not kept: it serves nobody, and decoding it costs the stack of every client. */
const deepestNesting = 16;

/** From here on a double may hold no fraction that the client library could encode. */
const exactFractions = 2 ** 50;
const int64 = 2 ** 63;

/** A string's longest length in bytes in the short strings of AMQP (0-9-1, section 4.2.5.3). */
const shortStringBytes = 255;

/**
 * The size in bytes of a value in a header table (AMQP 0-9-1, section 4.2.5.5, with RabbitMQ's type tags).
 * Never less than what the client library writes.
 *
 * @returns undefined for a value that the client library decodes but cannot encode, or that is nested too deeply
 */
export function encodedSize(value: unknown, depth = 0): number | undefined {
  if (depth > deepestNesting) return undefined;
  switch (typeof value) {
    case 'string':
      return 5 + Buffer.byteLength(value);
    case 'boolean':
      return 2;
    case 'number':
      return isEncodable(value) ? 9 : undefined;
    case 'object':
      if (value === null) return 1;
      if (Buffer.isBuffer(value)) return 5 + value.length;
      if (Array.isArray(value)) return sum(5, value, (item) => encodedSize(item, depth + 1));
      if (Object.hasOwn(value, '!')) return sizeOfTyped(value);
      return sum(5, Object.entries(value), ([key, item]) => {
        const size = encodedSize(item, depth + 1);
        const keyBytes = Buffer.byteLength(key);
        return size === undefined || keyBytes > shortStringBytes ? undefined : 1 + keyBytes + size;
      });
    default:
      return undefined;
  }
}

/** A header table that fits, and the names of the headers that did not. */
export interface FittedHeaders {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly dropped: readonly string[];
}

/**
 * Joins headers that must be there with as many others as fit, in their order.
 * @param budgetBytes for the whole table
 */
export function fitHeaders(
  required: Readonly<Record<string, unknown>>,
  others: Readonly<Record<string, unknown>>,
  budgetBytes: number,
): FittedHeaders {
  const kept: [string, unknown][] = [];
  const dropped: string[] = [];
  let size = encodedSize(required) ?? 0;
  for (const [name, value] of Object.entries(others)) {
    if (name in required) continue;
    const added = encodedSize({ [name]: value });
    if (added === undefined || size + added > budgetBytes) {
      dropped.push(name);
    } else {
      size += added;
      kept.push([name, value]);
    }
  }
  return { headers: { ...Object.fromEntries(kept), ...required }, dropped };
}

/** Shortens a text to a number of bytes in UTF-8, between characters. */
export function cutToBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text;
  return Buffer.from(text)
    .subarray(0, bytes)
    .toString()
    .replace(/\uFFFD+$/, '');
}

/** Makes a text fit a short string of AMQP; undefined for anything but a non-empty text. */
export function shortString(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? cutToBytes(value, shortStringBytes) : undefined;
}

/** The library writes a number as an integer unless it sees a fraction, and then only below 2^50. */
function isEncodable(value: number): boolean {
  if (!Number.isFinite(value) || value < -int64) return false;
  return Number.isInteger(value) || Math.abs(value) < exactFractions;
}

/** Timestamps and decimals, which the library represents as `{ '!': type, value }`. */
function sizeOfTyped(value: object): number | undefined {
  const [type, content]: unknown[] = [Reflect.get(value, '!'), Reflect.get(value, 'value')];
  if (type === 'timestamp') return Number.isSafeInteger(content) && Number(content) >= 0 ? 9 : undefined;
  if (type === 'decimal' && typeof content === 'object' && content !== null) {
    const [places, digits]: unknown[] = [Reflect.get(content, 'places'), Reflect.get(content, 'digits')];
    return isUnsigned(places, 8) && isUnsigned(digits, 32) ? 6 : undefined;
  }
  return undefined;
}

function isUnsigned(value: unknown, bits: number): boolean {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < 2 ** bits;
}

function sum<Item>(
  start: number,
  items: readonly Item[],
  sizeOf: (item: Item) => number | undefined,
): number | undefined {
  let total = start;
  for (const item of items) {
    const size = sizeOf(item);
    if (size === undefined) return undefined;
    total += size;
  }
  return total;
}
