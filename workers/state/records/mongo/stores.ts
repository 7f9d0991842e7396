import type { Stores } from '../stores.ts';
import { mongoAnalyticsStore } from './analytics.ts';
import { mongoCartStore } from './carts.ts';
import { mongoDriverStore } from './drivers.ts';
import type { MongoDatabase } from './mongo-database.ts';
import { mongoNotificationStore } from './notifications.ts';
import { mongoOrderHistory } from './order-history.ts';
import { mongoOrderStore } from './orders.ts';
import { mongoPaymentStore } from './payments.ts';
import { mongoRecommendationStore } from './recommendations.ts';
import { mongoReminderStore } from './reminders.ts';
import { mongoRestaurantStore } from './restaurants.ts';
import { mongoUserStore } from './users.ts';

/**
 * The records of the platform in MongoDB. Every method throws PlatformError STATE_UNAVAILABLE while MongoDB is away,
 * and RECORD_CORRUPT naming the document where what is stored is no record.
 */
export function createMongoStores(database: MongoDatabase): Stores {
  return {
    users: mongoUserStore(database),
    restaurants: mongoRestaurantStore(database),
    orders: mongoOrderStore(database),
    orderHistory: mongoOrderHistory(database),
    payments: mongoPaymentStore(database),
    notifications: mongoNotificationStore(database),
    drivers: mongoDriverStore(database),
    carts: mongoCartStore(database),
    reminders: mongoReminderStore(database),
    analytics: mongoAnalyticsStore(database),
    recommendations: mongoRecommendationStore(database),
  };
}
