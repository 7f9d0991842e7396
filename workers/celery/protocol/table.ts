/**
 * A value of headers as the client library can write it and the broker can read it. The library writes whole numbers as
 * integers of at most 64 bits, so that larger ones become floating-point numbers, as which they came, and longer
 * integers texts. So do NaN and the infinities, of which RabbitMQ breaks the connection (Erlang has no such floats).
 */
export function asTable(value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value === 'number') return isInteger64(value) ? value : { '!': 'double', value };
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? value : String(value);
  if (Array.isArray(value)) return value.map(asTable);
  // What the library itself has names for, such as times, it also writes.
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value) || '!' in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asTable(each)]));
}

function isInteger64(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
