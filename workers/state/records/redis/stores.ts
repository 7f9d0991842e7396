import type { RedisConnection } from '../../redis-connection.ts';
import type { Stores } from '../stores.ts';
import { redisAnalyticsStore } from './analytics.ts';
import { redisCartStore } from './carts.ts';
import { redisDriverStore } from './drivers.ts';
import { redisNotificationStore } from './notifications.ts';
import { redisOrderHistory } from './order-history.ts';
import { redisOrderStore } from './orders.ts';
import { redisPaymentStore } from './payments.ts';
import { redisRecommendationStore } from './recommendations.ts';
import { redisReminderStore } from './reminders.ts';
import { redisRestaurantStore } from './restaurants.ts';
import { redisUserStore } from './users.ts';

/**
 * The records of the platform in Redis. Every method throws PlatformError STATE_UNAVAILABLE while Redis is away,
 * and RECORD_CORRUPT naming the key where what is stored is no record.
 */
export function createRedisStores(connection: RedisConnection): Stores {
  return {
    users: redisUserStore(connection),
    restaurants: redisRestaurantStore(connection),
    orders: redisOrderStore(connection),
    orderHistory: redisOrderHistory(connection),
    payments: redisPaymentStore(connection),
    notifications: redisNotificationStore(connection),
    drivers: redisDriverStore(connection),
    carts: redisCartStore(connection),
    reminders: redisReminderStore(connection),
    analytics: redisAnalyticsStore(connection),
    recommendations: redisRecommendationStore(connection),
  };
}
