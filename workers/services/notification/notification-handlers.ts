import type { HandlersOf } from '../../messaging/handlers.ts';
import { type DeliveryDeps, deliverOnce } from '../../notifications/deliver-once.ts';
import { type OrderMessageStores, orderMessageOf } from '../../notifications/order-message-of.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { type OrderTasks, taskAbout } from './order-tasks.ts';

export interface NotificationDeps extends DeliveryDeps {
  readonly stores: OrderMessageStores;
  readonly tasks: OrderTasks;
}

/**
 * Has customers told about their orders, once on every channel they can be reached on: by a task where there is one
 * for the step, and here where there is none.
 */
export function notificationHandlers(deps: NotificationDeps): HandlersOf<SmartEats, 'notification-service'> {
  return {
    send_notification: async ({ orderId, about, contact }, { signal }) => {
      const { text } = await orderMessageOf(deps.stores, orderId, about);
      const task = taskAbout(orderId, about);
      // Only now: the task is not tried again for an order that nobody knows, and this message is.
      if (task !== undefined) return deps.tasks.call(task, signal);
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
