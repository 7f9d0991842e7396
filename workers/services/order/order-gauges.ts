import { parseCrontab } from '../../platform/crontab.ts';
import { longestGapSeconds } from '../../platform/crontab-calendar.ts';
import { orderStatuses } from '../../platform/order.ts';
import { isInterval, type ScheduleEntry } from '../../platform/schedule.ts';
import type { OrderStore } from '../../state/records/orders.ts';
import type { RestaurantStore } from '../../state/records/restaurants.ts';
import type { ScheduleRuns } from '../../state/schedule-runs.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

/** Restaurants that are shown by name. */
const restaurantsShown = 10;

/** Shows before each scrape what the store says of the orders. */
export function exposeOrders(
  metrics: Metrics,
  orders: Pick<OrderStore, 'countByStatus' | 'mostOrdered'>,
  restaurants: Pick<RestaurantStore, 'find'>,
): void {
  for (let hour = 0; hour < 24; hour += 1) {
    metrics.count('orders_by_hour_total', { hour: String(hour).padStart(2, '0') }, 0);
  }
  metrics.beforeScrape(async () => {
    const counts = await orders.countByStatus();
    for (const status of orderStatuses) metrics.set('orders_by_status', { status }, counts[status]);
  });
  metrics.beforeScrape(async () => {
    const found = await orders.mostOrdered(new Date(), restaurantsShown);
    const named = await Promise.all(
      found.map(async ({ restaurantId, orders: count }) => {
        const restaurant = (await restaurants.find(restaurantId))?.name ?? restaurantId;
        return [{ restaurant }, count] as const;
      }),
    );
    metrics.replace('restaurant_orders', named);
  });
}

/** Shows before each scrape when each schedule entry was last due, and how long that may be ago. */
export function exposeSchedule(
  metrics: Metrics,
  schedule: Readonly<Record<string, ScheduleEntry>>,
  runs: Pick<ScheduleRuns, 'lastRun'>,
): void {
  const entries = Object.keys(schedule);
  for (const [entry, { schedule: due }] of Object.entries(schedule)) {
    const gap = isInterval(due) ? due.everySeconds : longestGapSeconds(parseCrontab(due));
    metrics.set('schedule_longest_gap_seconds', { entry }, gap);
  }
  metrics.beforeScrape(async () => {
    await Promise.all(
      entries.map(async (entry) => {
        const at = await runs.lastRun(entry, new Date());
        metrics.set('schedule_last_tick_timestamp_seconds', { entry }, at.getTime() / 1000);
      }),
    );
  });
}
