import type { OrderRecord } from './orders.ts';

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
   * The restaurant's orders that were placed from `from` on and before `until`, oldest first, each with the statuses it
   * has had. They are read in pages, so that a long period costs no more memory than a day.
   */
  placedBetween(restaurantId: string, from: Date, until: Date): AsyncIterable<OrderRecord>;
  /** What changed of the restaurant's orders: new ones and new statuses, noted in the same atomic step. */
  changesOf(restaurantId: string): Promise<OrderChanges>;
  /** Forgets changes that were dealt with; a quarter that changed again meanwhile stays. */
  settle(restaurantId: string, quarters: readonly ChangedQuarter[]): Promise<void>;
}
