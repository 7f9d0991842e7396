import { describe } from '@jest/globals';
import { describeAnalyticsStore } from './describe-analytics-store.ts';
import { describeCartStore } from './describe-cart-store.ts';
import { describeDriverStore } from './describe-driver-store.ts';
import { describeNotificationStore } from './describe-notification-store.ts';
import { describeOrderFigures } from './describe-order-figures.ts';
import { describeOrderHistory } from './describe-order-history.ts';
import { describeOrderQueries } from './describe-order-queries.ts';
import { describeOrderTransitions } from './describe-order-transitions.ts';
import { describePaymentStore } from './describe-payment-store.ts';
import { describeRecommendationStore } from './describe-recommendation-store.ts';
import { describeReminderStore } from './describe-reminder-store.ts';
import { describeRestaurantStore } from './describe-restaurant-store.ts';
import { describeUserStore } from './describe-user-store.ts';
import type { OpenStores } from './opened-stores.ts';

/**
 * What every implementation of the stores must do, whichever database it uses.
 * @param open opens the stores on an empty database
 * @param options.manyOrders orders of more than one page @default 1 203
 */
export function describeStores(
  name: string,
  open: OpenStores,
  options: { readonly manyOrders?: number } = {},
): void {
  describe(name, () => {
    describeUserStore(open);
    describeRestaurantStore(open);
    describeOrderTransitions(open);
    describeOrderQueries(open);
    describeOrderHistory(open, options.manyOrders);
    describeOrderFigures(open);
    describePaymentStore(open);
    describeNotificationStore(open);
    describeDriverStore(open);
    describeCartStore(open);
    describeReminderStore(open);
    describeAnalyticsStore(open);
    describeRecommendationStore(open);
  });
}
