/** The largest whole number of one byte whose sign no client mistakes. */
const safeByte = 127;
const int16 = 2 ** 15;

/** A number whose type on the wire is given rather than chosen by amqplib. */
interface WideInteger {
  readonly '!': 'int';
  readonly value: number;
}

/**
 * Has whole numbers in a header table sent with 32 bits that amqplib would send with 16, or as a byte with a sign. Python's
 * amqp (5.1 for one) reads RabbitMQ's 16-bit numbers as texts, so that the first `retries` or `timelimit` above 127 breaks
 * the connection of a Python worker, and it reads bytes as unsigned.
 *
 * @returns the same table where nothing is to be changed
 */
export function wideIntegers(table: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let changed: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(table)) {
    const wide = widened(value);
    if (wide === value) continue;
    changed ??= { ...table };
    changed[name] = wide;
  }
  return changed ?? table;
}

function widened(value: unknown): unknown {
  if (typeof value === 'number') return isNarrow(value) ? wideInteger(value) : value;
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value.map(widened);
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  // Its type is given already.
  if (Object.hasOwn(value, '!')) return value;
  // Any other object is written as a table of its own properties.
  return wideIntegers(value as Readonly<Record<string, unknown>>);
}

function isNarrow(value: number): boolean {
  return Number.isInteger(value) && value >= -int16 && value < int16 && (value < 0 || value > safeByte);
}

function wideInteger(value: number): WideInteger {
  return { '!': 'int', value };
}
