import { drawBarChart } from './bar-chart.ts';
import {
  formatAxisMoney,
  formatCount,
  formatDay,
  formatMinutes,
  formatMoney,
  formatPeriod,
} from './format.ts';
import type { OtherSales, ReportData } from './report-data.ts';
import { colours, Sheet } from './sheet.ts';
import { drawTable } from './table.ts';

export interface RenderedReport {
  /** The PDF. */
  readonly content: Buffer;
  readonly pages: number;
}

const dishesShown = 15;

/** Draws a sales report as a PDF of A4 pages. */
export async function renderReport(data: ReportData, createdAt: Date): Promise<RenderedReport> {
  const { restaurant, from, to } = data;
  const period = formatPeriod(from, to);
  const sheet = new Sheet(`Sales report of ${restaurant.name}, ${period}`, 'SmartEats', createdAt);
  drawTitle(sheet, data, period);
  drawTiles(sheet, data);
  drawHours(sheet, data);
  drawDishes(sheet, data);
  drawDays(sheet, data);
  const created = formatDay(createdAt.toISOString().slice(0, 10));
  return sheet.finish(`SmartEats · ${restaurant.name} · ${period} · made ${created}`);
}

function drawTitle(sheet: Sheet, { restaurant, days }: ReportData, period: string): void {
  const line = (y: number) => ({ x: sheet.left, y, width: sheet.width });
  sheet.fill({ x: 0, y: 0, width: sheet.doc.page.width, height: 6 }, colours.accent);
  sheet.text('SALES REPORT', line(40), { size: 8.5, weight: 'bold', colour: colours.accent });
  sheet.text(restaurant.name, line(54), { size: 24, smallest: 14, weight: 'bold' }, restaurant.restaurantId);
  sheet.text(period, line(88), { size: 12, weight: 'medium' });
  const length = days.length === 1 ? '1 day' : `${formatCount(days.length)} days`;
  const about = `${restaurant.location.address} · ${length} · all times in ${restaurant.timeZone.replaceAll('_', ' ')}`;
  sheet.text(about, line(106), { size: 8.5, colour: colours.muted });
  sheet.y = 134;
}

/** The totals, each in a tile with what it means below. */
function drawTiles(sheet: Sheet, { totals, currency, deliverySeconds95, other }: ReportData): void {
  const basket = totals.paid === 0 ? 0 : Math.round(totals.amountMinor / totals.paid);
  const money = (amount: number) => (currency === undefined ? '–' : formatMoney(amount, currency));
  const tiles = [
    ['Revenue', money(totals.amountMinor), 'of paid orders'],
    ['Orders', formatCount(totals.sold), 'that were paid'],
    ['Average basket', money(basket), 'per order'],
    ['Dishes', formatCount(totals.items), 'in paid orders'],
    ['Delivered', formatCount(totals.delivered), `of ${formatCount(totals.sold)} orders`],
    ['Cancelled', formatCount(totals.cancelled), 'ended without a delivery'],
    ['Typical delivery', formatMinutes(totals.deliverySeconds), 'half were faster'],
    ['Slow deliveries', formatMinutes(deliverySeconds95), '1 in 20 took longer'],
  ] as const;
  const [columns, space, height] = [4, 10, 58];
  const width = (sheet.width - space * (columns - 1)) / columns;
  for (const [index, [label, value, note]] of tiles.entries()) {
    const x = sheet.left + (index % columns) * (width + space);
    const y = sheet.y + Math.floor(index / columns) * (height + space);
    sheet.fill({ x, y, width, height }, colours.panel, 4);
    const line = (offset: number) => ({ x: x + 10, y: y + offset, width: width - 20 });
    sheet.text(label, line(8), { size: 8, colour: colours.muted });
    sheet.text(value, line(20), { size: 15, smallest: 9, weight: 'bold' });
    sheet.text(note, line(42), { size: 7, colour: colours.muted });
  }
  sheet.y += Math.ceil(tiles.length / columns) * (height + space) + 4;
  if (other.length > 0) drawOther(sheet, other);
  sheet.y += 10;
}

function drawOther(sheet: Sheet, other: readonly OtherSales[]): void {
  const list = other.map(
    ({ currency, orders, amountMinor }) =>
      `${formatMoney(amountMinor, currency)} (${currency}) in ${formatCount(orders)} ${orders === 1 ? 'order' : 'orders'}`,
  );
  const line = { x: sheet.left, y: sheet.y, width: sheet.width };
  sheet.text(`Not in these amounts: ${list.join(', ')}.`, line, { size: 8, colour: colours.muted });
  sheet.y += 16;
}

function drawHours(sheet: Sheet, { currency, amountMinorByHour, soldByHour }: ReportData): void {
  const height = 150;
  sheet.heading('By hour of the day', height);
  const space = 20;
  const width = (sheet.width - space) / 2;
  const box = { x: sheet.left, y: sheet.y, width, height };
  drawBarChart(sheet, box, {
    title: 'Revenue',
    values: amountMinorByHour,
    colour: colours.accent,
    format: (value, top) => (currency === undefined ? '' : formatAxisMoney(value, top, currency)),
  });
  drawBarChart(
    sheet,
    { ...box, x: sheet.left + width + space },
    { title: 'Paid orders', values: soldByHour, colour: colours.second, format: formatCount },
  );
  sheet.y += height + 22;
}

function drawDishes(sheet: Sheet, { dishes, totals, currency }: ReportData): void {
  if (currency === undefined) {
    const line = { x: sheet.left, y: sheet.y, width: sheet.width };
    sheet.text('Nothing was sold in this period.', line, { size: 10 });
    sheet.y += 30;
    return;
  }
  const top = dishes.slice(0, dishesShown);
  sheet.heading(top.length < dishes.length ? `Top ${top.length} dishes` : 'Dishes', 60);
  drawTable(
    sheet,
    [
      { title: 'Dish', share: 5, text: ({ name }) => name, fallback: ({ menuItemId }) => menuItemId },
      { title: 'Sold', share: 1.2, align: 'right', text: ({ quantity }) => formatCount(quantity) },
      {
        title: 'Revenue',
        share: 2,
        align: 'right',
        text: ({ amountMinor }) => formatMoney(amountMinor, currency),
      },
      {
        title: 'Share of revenue',
        share: 2,
        align: 'right',
        text: ({ amountMinor }) => `${((100 * amountMinor) / Math.max(1, totals.amountMinor)).toFixed(1)} %`,
      },
    ],
    top,
  );
  sheet.y += 22;
}

function drawDays(sheet: Sheet, { days, totals, currency }: ReportData): void {
  const money = (amount: number) => (currency === undefined ? '–' : formatMoney(amount, currency));
  const basket = ({ amountMinor, paid }: Pick<ReportData['totals'], 'amountMinor' | 'paid'>) =>
    paid === 0 ? '–' : money(Math.round(amountMinor / paid));
  sheet.heading('By day', 60);
  const columns = [
    {
      title: 'Day',
      share: 2.6,
      text: (day: ReportData['totals'] & { date?: string }) => (day.date ? formatDay(day.date) : 'Total'),
    },
    { title: 'Orders', share: 1.2, text: ({ sold }: ReportData['totals']) => formatCount(sold) },
    { title: 'Cancelled', share: 1.4, text: ({ cancelled }: ReportData['totals']) => formatCount(cancelled) },
    { title: 'Dishes', share: 1.2, text: ({ items }: ReportData['totals']) => formatCount(items) },
    { title: 'Delivered', share: 1.4, text: ({ delivered }: ReportData['totals']) => formatCount(delivered) },
    {
      title: 'Typical delivery',
      share: 1.9,
      text: ({ deliverySeconds }: ReportData['totals']) => formatMinutes(deliverySeconds),
    },
    { title: 'Average basket', share: 1.9, text: basket },
    { title: 'Revenue', share: 2.1, text: ({ amountMinor }: ReportData['totals']) => money(amountMinor) },
  ].map((column, position) => ({
    ...column,
    align: position === 0 ? ('left' as const) : ('right' as const),
  }));
  drawTable(sheet, columns, days, (column) => columns[column]?.text(totals) ?? '');
}
