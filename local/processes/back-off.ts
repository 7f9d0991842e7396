/** How long to wait before a process that ended is started again. */
export interface BackOff {
  /** The first wait, in milliseconds; each further one is twice as long. */
  readonly firstMs: number;
  /** The longest wait, in milliseconds. */
  readonly longestMs: number;
  /** A process that ran well for this long, in milliseconds, is given the first wait again. */
  readonly forgivenAfterMs: number;
}

export const usualBackOff: BackOff = { firstMs: 250, longestMs: 15_000, forgivenAfterMs: 30_000 };

/**
 * The wait before the next start, in milliseconds.
 * @param failures how often the process has ended in a row, this time included
 */
export function waitBeforeStart(failures: number, { firstMs, longestMs }: BackOff): number {
  return Math.min(firstMs * 2 ** (failures - 1), longestMs);
}
