import { DateTime } from 'luxon';

/** The language of reports: English with dates and numbers as most of the world writes them. */
const locale = 'en-GB';

const number = new Intl.NumberFormat(locale);

/** An amount with its currency, `€1,234.50`; the currency says how many minor units are one. */
export function formatMoney(amountMinor: number, currency: string): string {
  return moneyOf(currency, amountMinor, {});
}

/** An amount on an axis up to `topMinor`, as short as all of the axis can be: `€12k`, `€500`. */
export function formatAxisMoney(amountMinor: number, topMinor: number, currency: string): string {
  const compact = topMinor >= 10_000 * 10 ** minorDigits(currency);
  return moneyOf(currency, amountMinor, {
    minimumFractionDigits: 0,
    maximumFractionDigits: compact ? 1 : minorDigits(currency),
    ...(compact && { notation: 'compact' }),
  });
}

function minorDigits(currency: string): number {
  return formatOf(currency, {}).resolvedOptions().maximumFractionDigits ?? 2;
}

function moneyOf(currency: string, amountMinor: number, options: Intl.NumberFormatOptions): string {
  return formatOf(currency, options).format(amountMinor / 10 ** minorDigits(currency));
}

/** Formats take longer to make than to use. */
const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${currency} ${JSON.stringify(options)}`;
  const known = formats.get(key);
  if (known !== undefined) return known;
  const base = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const format = new Intl.NumberFormat(locale, { ...base, ...options });
  formats.set(key, format);
  return format;
}

export function formatCount(count: number): string {
  return number.format(count);
}

/** A time in whole minutes, `31 min`; a dash where there is none. */
export function formatMinutes(seconds: number | null): string {
  return seconds === null ? '–' : `${number.format(Math.round(seconds / 60))} min`;
}

/** `Mon 23 Nov 2026` */
export function formatDay(date: string): string {
  return at(date).toFormat('ccc d LLL yyyy', { locale });
}

/** `1 – 30 November 2026`, as short as the two dates allow. */
export function formatPeriod(from: string, to: string): string {
  const [first, last] = [at(from), at(to)];
  const end = last.toFormat('d LLLL yyyy', { locale });
  if (from === to) return end;
  if (first.year !== last.year) return `${first.toFormat('d LLLL yyyy', { locale })} – ${end}`;
  if (first.month !== last.month) return `${first.toFormat('d LLLL', { locale })} – ${end}`;
  return `${first.day} – ${end}`;
}

function at(date: string): DateTime {
  return DateTime.fromISO(date, { zone: 'utc' });
}
