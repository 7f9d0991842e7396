import { paymentFailureRatio } from '../workers/platform/alerts/expressions.ts';
import { thresholds } from '../workers/platform/alerts/thresholds.ts';
import type { DashboardDeclaration } from './declaration.ts';

/** Currencies that Grafana can write; the others are numbers beside their name. */
const currencyUnits = Object.fromEntries(
  ['CHF', 'CZK', 'DKK', 'EUR', 'GBP', 'JPY', 'NOK', 'PLN', 'SEK', 'USD'].map((currency) => [
    currency,
    `currency${currency}`,
  ]),
);

/** How the orders and the money go. */
export const businessMetrics: DashboardDeclaration = {
  name: 'business-metrics',
  title: 'Business Metrics',
  description: 'Orders, revenue, popular restaurants, and when people order',
  from: 'now-6h',
  rows: [
    {
      title: 'Today',
      panels: [
        {
          kind: 'number',
          title: 'Orders in the last hour',
          description: 'Orders recorded within an hour',
          unit: 'short',
          queries: { orders: 'sum(increase(orders_created_total[1h]))' },
          decimals: 0,
        },
        {
          kind: 'number',
          title: 'Revenue in the last hour',
          description: 'Money paid for orders within an hour, by currency',
          unit: 'short',
          queries: { '{{currency}}': 'sum by (currency) (increase(orders_revenue_total[1h]))' },
          unitOf: currencyUnits,
          decimals: 2,
        },
        {
          kind: 'number',
          title: 'Active users',
          description: 'Users with a live session',
          unit: 'short',
          // Every pod of the service that knows tells the same number.
          queries: { users: 'max(active_users)' },
        },
        {
          kind: 'number',
          title: 'Charges that fail',
          description: 'Part of the attempts at a charge that failed at the provider',
          unit: 'percentunit',
          queries: { failures: paymentFailureRatio },
          limit: { value: thresholds.paymentFailureRatio, bad: 'above' },
          alert: 'PaymentFailures',
        },
      ],
    },
    {
      title: 'Orders and revenue',
      panels: [
        {
          kind: 'lines',
          title: 'Orders per hour',
          description: 'Orders recorded within the hour before each moment',
          unit: 'short',
          queries: { orders: 'sum(increase(orders_created_total[1h]))' },
        },
        {
          kind: 'lines',
          title: 'Revenue trend',
          description: 'Money paid for orders within the hour before each moment, by currency',
          unit: 'short',
          queries: { '{{currency}}': 'sum by (currency) (increase(orders_revenue_total[1h]))' },
          unitOf: currencyUnits,
        },
        {
          kind: 'bars',
          title: 'Popular restaurants',
          description: 'The ten restaurants with the most orders today (UTC)',
          unit: 'short',
          queries: { '{{restaurant}}': 'sort_desc(max by (restaurant) (restaurant_orders))' },
        },
        {
          kind: 'heatmap',
          title: 'Peak ordering times',
          description:
            'Orders recorded in the hour before each moment, by the hour of the day (UTC) they were placed in',
          unit: 'short',
          queries: { '{{hour}}': 'sum by (hour) (increase(orders_by_hour_total[1h]))' },
        },
        {
          kind: 'lines',
          title: 'Orders by status',
          description: 'Orders in each status, as the store counts them',
          unit: 'short',
          queries: { '{{status}}': 'max by (status) (orders_by_status)' },
        },
        {
          kind: 'lines',
          title: 'Charges by outcome',
          description: 'Attempts at a charge each second: paid, declined by the card, failed at the provider',
          unit: 'ops',
          queries: { '{{outcome}}': 'sum by (outcome) (rate(payments_total[5m]))' },
          alert: 'PaymentFailures',
        },
        {
          kind: 'lines',
          title: 'Active users over time',
          description: 'Users with a live session',
          unit: 'short',
          queries: { users: 'max(active_users)' },
        },
        {
          kind: 'lines',
          title: 'Notifications',
          description: 'Notifications handed to a provider each second, by channel',
          unit: 'ops',
          queries: {
            '{{channel}} {{about}}': 'sum by (channel, about) (rate(notifications_sent_total[5m]))',
          },
        },
      ],
    },
  ],
};
