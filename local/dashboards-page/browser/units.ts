/** A number with a prefix of 1000 or 1024, three digits. */
function scaled(value: number, base: number, names: readonly string[]): string {
  let index = 0;
  let rest = value;
  while (Math.abs(rest) >= base && index < names.length - 1) {
    rest /= base;
    index += 1;
  }
  return `${short(rest)}${names[index] ?? ''}`;
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function duration(seconds: number): string {
  const size = Math.abs(seconds);
  if (size >= 172_800) return `${short(seconds / 86_400)} d`;
  if (size >= 7_200) return `${short(seconds / 3_600)} h`;
  if (size >= 120) return `${short(seconds / 60)} min`;
  if (size >= 1 || size === 0) return `${short(seconds)} s`;
  return size >= 0.001 ? `${short(seconds * 1_000)} ms` : `${short(seconds * 1_000_000)} µs`;
}

/**
 * A value in one of the units that our panels have.
 * @param unit an id of Grafana's, e.g. `percentunit`
 */
export function textOf(value: number, unit = 'short', decimals?: number): string {
  if (Number.isNaN(value)) return 'no data';
  switch (unit) {
    case 's':
      return duration(value);
    case 'percentunit':
      return `${short(value * 100)}%`;
    case 'bytes':
      return scaled(value, 1024, [' B', ' KiB', ' MiB', ' GiB', ' TiB']);
    case 'ops':
    case 'reqps':
      return `${scaled(value, 1000, ['', 'k', 'M'])}/s`;
    default:
      return decimals === undefined ? scaled(value, 1000, ['', 'k', 'M']) : value.toFixed(decimals);
  }
}
