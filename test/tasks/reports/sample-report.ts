import type { DailyFigures } from '../../../workers/state/records/analytics.ts';
import { addDays } from '../../../workers/state/records/local-day.ts';
import { ReportTally } from '../../../workers/tasks/reports/report-data.ts';
import { sampleFigures } from '../../state/samples.ts';

export const sampleRestaurantOfReport = {
  restaurantId: 'pho-corner',
  name: 'Phở Corner – Bún chả & more 🍜',
  timeZone: 'Europe/Berlin',
  location: { latitude: 52.5, longitude: 13.4, address: 'Alte Schönhauser Straße 46, 10119 Berlin' },
};

const menu = [
  ['pho-bo', 'Phở bò', 1_190],
  ['bun-cha', 'Bún chả', 1_250],
  ['summer-rolls', 'Summer rolls with tofu and a peanut dip that has a remarkably long name', 550],
  ['iced-coffee', 'Cà phê sữa đá', 420],
  ['ramen', '味噌ラーメン', 1_390],
  ['borsch', 'Борщ', 790],
] as const;

/** A day of a restaurant that sells most at noon and in the evening, and more on Fridays. */
export function sampleDay(date: string, scale = 1): DailyFigures {
  const weekday = new Date(date).getUTCDay();
  const soldByHour = Array.from({ length: 24 }, (_, hour) => {
    const wave = (peak: number, wide: number) => Math.exp(-((hour - peak) ** 2) / wide);
    return Math.round(scale * (weekday === 5 ? 1.6 : 1) * (9 * wave(12.5, 3) + 14 * wave(19, 5)));
  });
  const sold = soldByHour.reduce((sum, each) => sum + each, 0);
  const dishes = menu.map(([menuItemId, name, cents], i) => ({
    menuItemId,
    name,
    quantity: Math.round((sold * 2) / (i + 2)),
    currency: 'EUR',
    amountMinor: Math.round((sold * 2) / (i + 2)) * cents,
  }));
  const amountMinor = dishes.reduce((sum, dish) => sum + dish.amountMinor, 0);
  return sampleFigures({
    restaurantId: 'pho-corner',
    date,
    orders: sold + 3,
    sold,
    delivered: sold - 1,
    cancelled: 2,
    items: dishes.reduce((sum, { quantity }) => sum + quantity, 0),
    sales: [
      {
        currency: 'EUR',
        orders: sold,
        amountMinor,
        amountMinorByHour: soldByHour.map((orders) => Math.round((orders * amountMinor) / Math.max(1, sold))),
      },
    ],
    soldByHour,
    dishes,
    deliveryMinutes: Array.from({ length: 40 }, (_, i) => [20 + i, i < 20 ? 3 : 1]),
    deliverySeconds: { p50: 33 * 60, p95: 52 * 60 },
  });
}

/** The data of a report over some days. */
export function sampleReport(from: string, dayCount: number, scale = 1) {
  const tally = new ReportTally();
  for (let i = 0; i < dayCount; i++) tally.add(sampleDay(addDays(from, i), scale));
  return tally.data(sampleRestaurantOfReport, { from, to: addDays(from, dayCount - 1) });
}
