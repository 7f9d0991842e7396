import type { MetricDeclarations } from './declaration.ts';

/** How the business goes. What is read from the store is the same in every process that tells it. */
export const businessMetrics = {
  orders_created_total: {
    type: 'counter',
    help: 'Orders recorded',
    labels: [],
    exposedBy: ['order-service'],
  },
  orders_by_hour_total: {
    type: 'counter',
    help: 'Orders recorded, by the hour of the day (UTC, 00 to 23) in which they were placed',
    labels: ['hour'],
    exposedBy: ['order-service'],
  },
  orders_by_status: {
    type: 'gauge',
    help: 'Orders in each status, as the store counts them',
    labels: ['status'],
    exposedBy: ['order-service'],
  },
  orders_revenue_total: {
    type: 'counter',
    help: 'Money paid for orders, in units of the currency',
    labels: ['currency'],
    exposedBy: ['order-service'],
  },
  restaurant_orders: {
    type: 'gauge',
    help: 'Orders placed today (UTC) at the ten restaurants that have most of them',
    labels: ['restaurant'],
    exposedBy: ['order-service'],
  },
  active_users: {
    type: 'gauge',
    help: 'Users with a live session',
    labels: [],
    exposedBy: ['auth-service'],
  },
  payments_total: {
    type: 'counter',
    help: 'Attempts at a charge by outcome: paid, declined by the card, or failed at the provider',
    labels: ['outcome'],
    exposedBy: ['payment-service'],
  },
  notifications_sent_total: {
    type: 'counter',
    help: 'Notifications handed to a provider',
    labels: ['channel', 'about'],
    exposedBy: ['notification-service', 'notifications-worker', 'celery-worker'],
  },
} as const satisfies MetricDeclarations;
