import type { HandlersOf } from '../../messaging/handlers.ts';
import { type DeliveryDeps, deliverOnce } from '../../notifications/deliver-once.ts';
import { type OrderMessageStores, orderMessageOf } from '../../notifications/order-message-of.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { SmartEats } from '../../platform/platform.ts';

export interface NotificationDeps extends DeliveryDeps {
  readonly stores: OrderMessageStores;
}

/** Tells customers about their orders on every channel they can be reached on, once. */
export function notificationHandlers(deps: NotificationDeps): HandlersOf<SmartEats, 'notification-service'> {
  return {
    send_notification: async ({ orderId, about, contact }, { signal }) => {
      const { text } = await orderMessageOf(deps.stores, orderId, about);
      const { refusals } = await deliverOnce(deps, { orderId, about, contact, text }, signal);
      if (refusals.length > 0) {
        throw new PlatformError(
          'MESSAGE_REJECTED',
          `Not every channel took the notification: ${refusals.join('; ')}`,
          { details: { orderId, about, refusals } },
        );
      }
    },
  };
}
