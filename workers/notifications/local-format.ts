/** How the reader of a message is used to see amounts and times. */
export interface Reader {
  /** BCP 47, e.g. `de-DE`. */
  readonly locale: string;
}

/** An amount as the reader's language writes it, e.g. €12.50 or 12,50 €; currencies differ in their minor digits. */
export function amountText(amountMinor: number, currency: string, { locale }: Reader): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

/**
 * A moment as the clock on the wall shows it in a time zone, e.g. 23 Nov 2026, 13:00.
 * @param timeZone IANA name; what is none counts as UTC, with its name shown
 */
export function timeText(at: Date, timeZone: string, { locale }: Reader): string {
  const shown = { dateStyle: 'medium', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat(locale, { ...shown, timeZone }).format(at);
  } catch {
    return `${new Intl.DateTimeFormat(locale, { ...shown, timeZone: 'UTC' }).format(at)} UTC`;
  }
}
