import type { TaskContext } from '../../celery/task.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { DateRange } from '../../platform/tasks.ts';
import { dateAt, datesOf } from '../../state/records/local-day.ts';
import type { Stores } from '../../state/records/stores.ts';
import type { ObjectStorage } from '../../storage/object-storage.ts';
import { type ReportLinks, reportKey } from '../../storage/report-link.ts';
import { figuresOf } from '../analytics/daily-figures.ts';
import { ReportTally } from './report-data.ts';
import { renderReport } from './report-pdf.ts';

export interface ReportDeps {
  readonly stores: Pick<Stores, 'analytics' | 'orderHistory' | 'restaurants'>;
  readonly storage: ObjectStorage;
  readonly links: ReportLinks;
  readonly now: () => Date;
}

/** Days between two reports of progress. */
const progressEvery = 31;

/**
 * Makes the sales report of a restaurant over some days and keeps it. The same restaurant and days are the same report:
 * making it again replaces it by one that is up to date, and the links that were given out lead to that.
 *
 * @returns the address at which the restaurant can fetch it for a week
 * @throws PlatformError RESTAURANT_UNKNOWN or TASK_ARGUMENT_INVALID, and REPORT_STORAGE_FAILED where it cannot be kept
 */
export async function generateSalesReport(
  { stores, storage, links, now }: ReportDeps,
  restaurantId: string,
  range: DateRange,
  { signal, updateState }: Pick<TaskContext, 'signal' | 'updateState'>,
): Promise<string> {
  const restaurant = await stores.restaurants.find(restaurantId);
  if (restaurant === undefined) {
    throw new PlatformError('RESTAURANT_UNKNOWN', `There is no restaurant ${restaurantId}.`);
  }
  const at = now();
  const today = dateAt(at, restaurant.timeZone);
  if (range.from > today) {
    const message = `date_range begins on ${range.from}, which is after today (${today} in ${restaurant.timeZone}).`;
    throw new PlatformError('TASK_ARGUMENT_INVALID', message);
  }
  const dates = datesOf(range);
  const tally = new ReportTally();
  let done = 0;
  for await (const figures of figuresOf(stores, restaurant, dates, at)) {
    signal.throwIfAborted();
    tally.add(figures);
    done += 1;
    if (done % progressEvery === 0)
      await updateState('PROGRESS', { step: 'reading days', done, total: dates.length });
  }
  await updateState('PROGRESS', { step: 'drawing', done, total: dates.length });
  const name = { restaurantId, reportId: `sales_${range.from}_${range.to}` };
  // Before the work: without links nobody could fetch the report.
  const { url } = links.linkTo(name, at);
  const { content } = await renderReport(tally.data(restaurant, range), at);
  signal.throwIfAborted();
  await storage.put(reportKey(name), content, 'application/pdf');
  return url;
}
