import type { AnalyticsStore } from './analytics.ts';
import type { CartStore } from './carts.ts';
import type { DriverStore } from './drivers.ts';
import type { NotificationStore } from './notifications.ts';
import type { OrderHistory } from './order-history.ts';
import type { OrderStore } from './orders.ts';
import type { PaymentStore } from './payments.ts';
import type { RecommendationStore } from './recommendations.ts';
import type { ReminderStore } from './reminders.ts';
import type { RestaurantStore } from './restaurants.ts';
import type { UserStore } from './users.ts';

/**
 * The records of the platform, whichever database keeps them. Every method is safe to repeat, and every
 * method that checks and changes does both in one atomic step.
 */
export interface Stores {
  readonly users: UserStore;
  readonly restaurants: RestaurantStore;
  readonly orders: OrderStore;
  readonly orderHistory: OrderHistory;
  readonly payments: PaymentStore;
  readonly notifications: NotificationStore;
  readonly drivers: DriverStore;
  readonly carts: CartStore;
  readonly reminders: ReminderStore;
  readonly analytics: AnalyticsStore;
  readonly recommendations: RecommendationStore;
}
