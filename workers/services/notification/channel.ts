import type { Contact } from '../../platform/order.ts';
import type { NotificationText } from './notification-text.ts';

/** One notification on its way to one customer. */
interface OutgoingNotification {
  /** Names it over all attempts: letters, digits, `-`, `_`, `.` and `:`. */
  readonly notificationId: string;
  readonly text: NotificationText;
}

/** `refused`: the provider will never take it for this address. */
export type SendResult = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string };

/** A way to reach customers. */
export interface NotificationChannel {
  readonly name: 'mail' | 'sms';
  /** The customer's address on this channel; `undefined` where there is none. */
  addressOf(contact: Contact): string | undefined;
  /** @throws PlatformError NOTIFICATION_PROVIDER_FAILED when it is worth another attempt */
  send(to: string, notification: OutgoingNotification, signal: AbortSignal): Promise<SendResult>;
}
