import type { DeliveryReport } from '../../notifications/deliver-once.ts';
import { declaredTask } from '../declared-task.ts';
import { notifyOfStatus, type OrderNotificationDeps } from './order-notifications.ts';

/** The tasks that tell customers about their orders. */
export function notificationTasks(deps: OrderNotificationDeps) {
  return {
    sendOrderConfirmation: declaredTask('tasks.send_order_confirmation', async ({ order_id }, { signal }) =>
      resultOf(order_id, await notifyOfStatus(deps, order_id, 'confirmed', signal)),
    ),
    sendDeliveryUpdate: declaredTask('tasks.send_delivery_update', async ({ order_id, status }, { signal }) =>
      resultOf(order_id, await notifyOfStatus(deps, order_id, status, signal)),
    ),
  };
}

function resultOf(orderId: string, { channels, refusals }: DeliveryReport) {
  return { order_id: orderId, channels, refusals };
}
