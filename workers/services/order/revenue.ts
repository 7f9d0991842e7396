import type { Money } from '../../platform/order.ts';
import type { Metrics } from '../../telemetry/metrics.ts';

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Adds what was paid for an order, in units of its currency (cents are hundredths of a euro, yen have no such part). */
export function countRevenue(metrics: Pick<Metrics, 'count'>, { amountMinor, currency }: Money): void {
  // What is no currency gets one label together: any three letters are an order's to write.
  const label = currencies.has(currency) ? currency : 'other';
  metrics.count('orders_revenue_total', { currency: label }, amountMinor / 10 ** minorDigits(currency));
}

/** Digits after the point in amounts of a currency (ISO 4217, "minor unit"). */
function minorDigits(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}
