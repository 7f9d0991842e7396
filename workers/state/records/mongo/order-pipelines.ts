/**
 * Aggregation pipelines over the orders of a restaurant and a time, which the index of both finds. They are made of what every
 * server with MongoDB's protocol has: `$match`, `$unwind`, `$group` with `$sum`, `$sort`, `$limit` and `$project` of fields.
 * Each `$group` has one sum, since FerretDB 1.24 gives a second one no documents.
 */
export type Pipeline = readonly Readonly<Record<string, unknown>>[];

/** Which orders: those of a restaurant that were placed from a time on and before another, in ms since 1970. */
export interface PlacedOrders {
  readonly restaurantId: string;
  readonly placedAtMs: { readonly $gte: number; readonly $lt: number };
}

/** Those that were paid; an order of an earlier release is counted once it was completed. */
const paid = { 'history.status': 'paid', quarter: { $exists: true } };

/** How many orders are in each status. */
export function byStatus(placed: PlacedOrders): Pipeline {
  return [{ $match: placed }, { $group: { _id: '$status', sum: { $sum: 1 } } }];
}

/** Sums over paid orders for each currency and quarter of an hour: the hours of every time zone are made of these. */
export function byQuarter(placed: PlacedOrders, of: 1 | '$placed.total.amountMinor'): Pipeline {
  return [
    { $match: { ...placed, ...paid } },
    { $group: { _id: { quarter: '$quarter', currency: '$placed.total.currency' }, sum: { $sum: of } } },
  ];
}

/** Sums over the paid orders of each dish under a name and in a currency. */
export function byDish(placed: PlacedOrders, of: '$lines.quantity' | '$lines.amountMinor'): Pipeline {
  const _id = { menuItemId: '$lines.menuItemId', name: '$lines.name', currency: '$lines.currency' };
  return [{ $match: { ...placed, ...paid } }, { $unwind: '$lines' }, { $group: { _id, sum: { $sum: of } } }];
}

/** The lines of the last paid order with a dish and a currency; an order has one currency. */
export function lastWithDish(placed: PlacedOrders, menuItemId: string, currency: string): Pipeline {
  return [
    { $match: { ...placed, ...paid, 'lines.menuItemId': menuItemId, 'lines.currency': currency } },
    { $sort: { placedAtMs: -1, _id: -1 } },
    { $limit: 1 },
    { $project: { lines: 1 } },
  ];
}

/** How many orders were delivered, for each pair of when they were placed and delivered. */
export function byDelivery(placed: PlacedOrders): Pipeline {
  return [
    { $match: { ...placed, deliveredAtMs: { $exists: true } } },
    {
      $group: { _id: { placedAtMs: '$placedAtMs', deliveredAtMs: '$deliveredAtMs' }, sum: { $sum: 1 } },
    },
  ];
}
