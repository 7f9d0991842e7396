/** The time of day of a moment, in seconds since 1970; seconds only where a stretch of time is so short that they tell. */
export function timeOf(moment: number, lengthSeconds: number): string {
  return new Date(moment * 1000).toTimeString().slice(0, lengthSeconds <= 600 ? 8 : 5);
}

/** Steps of an axis that are round in a unit; undefined where powers of ten are. */
export function roundSteps(unit = 'short'): number[] | undefined {
  if (unit === 'bytes') return Array.from({ length: 50 }, (_, power) => 2 ** power);
  if (unit !== 's') return undefined;
  const belowSecond = [6, 5, 4, 3, 2, 1].flatMap((power) => [1, 2, 5].map((each) => each / 10 ** power));
  const [minute, hour, day] = [60, 3_600, 86_400];
  const inMinutes = [1, 2, 5, 10, 20, 30].map((each) => each * minute);
  const inHours = [1, 2, 6, 12].map((each) => each * hour);
  const inDays = [1, 2, 5, 10, 20, 50].map((each) => each * day);
  return [...belowSecond, 1, 2, 5, 10, 20, 30, ...inMinutes, ...inHours, ...inDays];
}

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

function money(value: number, currency: string): string {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).format(value);
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
  const currency = /^currency([A-Z]{3})$/.exec(unit)?.[1];
  if (currency !== undefined) return money(value, currency);
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
