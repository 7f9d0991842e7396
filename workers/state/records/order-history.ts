import type { OrderFigures } from './analytics.ts';

/** A quarter of an hour in which orders were placed, and the number of the last change of one of them. */
export interface ChangedQuarter {
  readonly from: Date;
  readonly revision: number;
}

export interface OrderChanges {
  /** The number of the last change of any order. Orders that are read from now on have at least this change. */
  readonly revision: number;
  /** What changed since it was settled, oldest first. */
  readonly quarters: readonly ChangedQuarter[];
}

/**
 * What orders leave behind, for figures over days. Changes are noted by quarters of an hour because days begin on one
 * in every time zone: whoever sums up knows a restaurant's days, the store does not.
 */
export interface OrderHistory {
  /**
   * What the restaurant's orders come to that were placed from `from` on and before `until`, their hours as clocks of the
   * time zone show them. The cost is that of these orders, however long the history is.
   * @throws PlatformError RECORD_CORRUPT for a name that is no time zone
   */
  figuresBetween(restaurantId: string, from: Date, until: Date, timeZone: string): Promise<OrderFigures>;
  /** What changed of the restaurant's orders: new ones and new statuses, noted in the same atomic step. */
  changesOf(restaurantId: string): Promise<OrderChanges>;
  /** Forgets changes that were dealt with; a quarter that changed again meanwhile stays. */
  settle(restaurantId: string, quarters: readonly ChangedQuarter[]): Promise<void>;
}
