import type { HandlersOf } from '../../messaging/handlers.ts';
import { PlatformError } from '../../platform/errors.ts';
import type { PayloadOf, SmartEats } from '../../platform/platform.ts';
import type { NotificationStore } from '../../state/records/notifications.ts';
import type { OrderStore } from '../../state/records/orders.ts';
import type { RestaurantStore } from '../../state/records/restaurants.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { NotificationChannel, SendResult } from './channel.ts';
import { type NotificationText, notificationText } from './notification-text.ts';

export interface NotificationDeps {
  readonly orders: Pick<OrderStore, 'find'>;
  readonly restaurants: Pick<RestaurantStore, 'find'>;
  readonly notifications: NotificationStore;
  readonly channels: readonly NotificationChannel[];
  readonly metrics: Pick<Metrics, 'count'>;
}

type Notification = PayloadOf<SmartEats, 'send_notification'>;

/**
 * Tells customers about their orders on every channel they can be reached on. Each channel is remembered by itself:
 * one that fails is tried again without repeating another, and one that refuses an address does not hold back the rest.
 * A crash between sending and remembering repeats that one message, under the same Message-ID or Idempotency-Key.
 */
export function notificationHandlers(deps: NotificationDeps): HandlersOf<SmartEats, 'notification-service'> {
  return {
    send_notification: async (notification, { signal }) => {
      const text = await textOf(deps, notification);
      const sending = deps.channels.map((channel) => sendOnce(deps, channel, notification, text, signal));
      const results = await Promise.allSettled(sending);
      const failed = results.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
      const refusals = results.flatMap((result) =>
        result.status === 'fulfilled' && result.value.kind === 'refused' ? [result.value.reason] : [],
      );
      if (refusals.length > 0) {
        const { orderId, about } = notification;
        throw new PlatformError(
          'MESSAGE_REJECTED',
          `Not every channel took the notification: ${refusals.join('; ')}`,
          {
            details: { orderId, about, refusals },
          },
        );
      }
    },
  };
}

async function textOf(
  { orders, restaurants }: NotificationDeps,
  { orderId, about }: Notification,
): Promise<NotificationText> {
  const order = await orders.find(orderId);
  if (order === undefined) {
    throw new PlatformError('ORDER_UNKNOWN', `There is no order ${orderId} yet.`, { details: { orderId } });
  }
  const restaurant = await restaurants.find(order.restaurantId);
  return notificationText(about, { order, restaurantName: restaurant?.name ?? 'the restaurant' });
}

async function sendOnce(
  { notifications, metrics }: NotificationDeps,
  channel: NotificationChannel,
  { orderId, about, contact }: Notification,
  text: NotificationText,
  signal: AbortSignal,
): Promise<SendResult> {
  const to = channel.addressOf(contact);
  const notificationId = `${orderId}:${about}:${channel.name}`;
  if (to === undefined || (await notifications.wasSent(notificationId))) return { kind: 'sent' };
  const result = await channel.send(to, { notificationId, text }, signal);
  if (result.kind === 'sent') {
    await notifications.markSent(notificationId);
    metrics.count('notifications_sent_total', { channel: channel.name, about });
  }
  return result;
}
