import type { Filter } from 'mongodb';
import { z } from 'zod';
import { OrderStatus } from '../../../platform/order.ts';
import { checkStored } from '../../stored.ts';
import { DishSales, type OrderFigures } from '../analytics.ts';
import { DayTally } from '../day-tally.ts';
import { secondsBetween } from '../delivery-time.ts';
import type { MongoDatabase } from './mongo-database.ts';
import { countedOf, type OrderDocument } from './order-document.ts';
import {
  byDelivery,
  byDish,
  byQuarter,
  byStatus,
  lastWithDish,
  type Pipeline,
  type PlacedOrders,
} from './order-pipelines.ts';

const sum = z.int().min(0);
const InStatus = z.object({ _id: OrderStatus, sum });
const OfQuarter = z.object({ _id: z.object({ quarter: z.int(), currency: z.string() }), sum });
const OfDish = z.object({
  _id: DishSales.pick({ menuItemId: true, name: true, currency: true }),
  sum,
});
type Dish = z.infer<typeof OfDish>['_id'];
const WithLines = z.object({ lines: z.array(DishSales) });
const Delivered = z.object({
  _id: z.object({ placedAtMs: z.int(), deliveredAtMs: z.int() }),
  sum,
});

/**
 * What a restaurant's orders of a time come to, counted and added up by the server. What it returns grows with the menu and
 * the quarters of an hour, and by a pair of times for each delivery. Each pipeline sees a moment of its own: an order that
 * changes between them is noted as changed, and its day is calculated again.
 */
export async function figuresBetween(
  database: MongoDatabase,
  restaurantId: string,
  from: Date,
  until: Date,
  timeZone: string,
): Promise<OrderFigures> {
  const placed = { restaurantId, placedAtMs: { $gte: from.getTime(), $lt: until.getTime() } };
  const ask = async <Row extends z.ZodType>(row: Row, pipeline: Pipeline): Promise<z.output<Row>[]> => {
    const rows = await database.run<OrderDocument, unknown[]>('orders', (orders) =>
      orders.aggregate([...pipeline]).toArray(),
    );
    return checkStored(z.array(row), `orders of ${restaurantId}`, rows);
  };

  const tally = new DayTally(timeZone);
  await completeOrders(database, placed);
  for (const each of await ask(InStatus, byStatus(placed))) tally.addPlaced(each._id, each.sum);
  // Amounts before numbers: an order that is paid in between is one without its amount, never an amount without an order.
  for (const { _id, sum } of await ask(OfQuarter, byQuarter(placed, '$placed.total.amountMinor'))) {
    tally.addSold(new Date(_id.quarter), { currency: _id.currency, orders: 0, amountMinor: sum });
  }
  for (const { _id, sum } of await ask(OfQuarter, byQuarter(placed, 1))) {
    tally.addSold(new Date(_id.quarter), { currency: _id.currency, orders: sum, amountMinor: 0 });
  }
  const dishes = await ask(OfDish, byDish(placed, '$lines.amountMinor'));
  for (const { _id, sum } of dishes) tally.addDish({ ..._id, quantity: 0, amountMinor: sum });
  for (const { _id, sum } of await ask(OfDish, byDish(placed, '$lines.quantity'))) {
    tally.addDish({ ..._id, quantity: sum, amountMinor: 0 });
  }
  for (const { menuItemId, currency } of renamed(dishes.map(({ _id }) => _id))) {
    const [last] = await ask(WithLines, lastWithDish(placed, menuItemId, currency));
    const line = last?.lines.findLast((each) => each.menuItemId === menuItemId && each.currency === currency);
    if (line !== undefined) tally.addDish({ ...line, quantity: 0, amountMinor: 0 });
  }
  for (const { _id, sum } of await ask(Delivered, byDelivery(placed))) {
    tally.addDeliveries(secondsBetween(_id.placedAtMs, _id.deliveredAtMs), sum);
  }
  return tally.figures();
}

/** One of each dish that was sold under several names in the same currency. */
function renamed(dishes: readonly Dish[]): Iterable<Dish> {
  const first = new Set<string>();
  const several = new Map<string, Dish>();
  for (const dish of dishes) {
    const key = `${dish.menuItemId} ${dish.currency}`;
    if (first.has(key)) several.set(key, dish);
    first.add(key);
  }
  return several.values();
}

/** Notes in orders of an earlier release what the pipelines group by. */
async function completeOrders(database: MongoDatabase, placed: PlacedOrders): Promise<void> {
  const lacking: Filter<OrderDocument> = {
    ...placed,
    $or: [{ quarter: { $exists: false } }, { status: 'delivered', deliveredAtMs: { $exists: false } }],
  };
  await database.run<OrderDocument, void>('orders', async (orders) => {
    for await (const order of orders.find(lacking)) {
      await orders.updateOne({ _id: order._id }, { $set: countedOf(order) });
    }
  });
}
