/** Seconds in the units of a rate. */
const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };

/**
 * Reads a rate limit as Celery writes it: `10/m`, `2/h`, `0.5/s`, or a number of runs in a second.
 * @returns runs in a second; undefined for none (0, null, an empty text)
 * @throws RangeError for anything else
 */
export function parseRate(rate: string | number | null | undefined): number | undefined {
  if (rate === null || rate === undefined || rate === '') return undefined;
  const [amount = '', unit = 's', ...rest] = String(rate).split('/');
  const seconds = unitSeconds[unit.trim().toLowerCase()];
  const runs = amount.trim() === '' ? Number.NaN : Number(amount);
  if (rest.length > 0 || seconds === undefined || !Number.isFinite(runs) || runs < 0) {
    throw new RangeError(`a rate limit is a number with /s, /m or /h, not ${JSON.stringify(rate)}`);
  }
  return runs === 0 ? undefined : runs / seconds;
}
