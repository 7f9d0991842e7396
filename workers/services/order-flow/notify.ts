import type { Publisher } from '../../messaging/publishing.ts';
import type { PayloadOf, SmartEats } from '../../platform/platform.ts';
import type { OrderRecord } from '../../state/records/orders.ts';

/** The steps of an order that its customer is told about. */
export type NotificationSubject = PayloadOf<SmartEats, 'send_notification'>['about'];

/** Has the customer of an order told about one step; once, however often it is asked. */
export function notifyCustomer(
  publisher: Pick<Publisher<SmartEats>, 'publish'>,
  { orderId, userId, contact }: OrderRecord,
  about: NotificationSubject,
  signal: AbortSignal,
): Promise<void> {
  return publisher.publish(
    'send_notification',
    { orderId, userId, about, contact },
    { messageId: `send_notification:${orderId}:${about}`, signal },
  );
}
