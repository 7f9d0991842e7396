import type { Html } from '../html/html.ts';
import type { Contact } from '../platform/order.ts';

/** What a customer is told, in the forms the channels need. */
export interface MessageText {
  readonly subject: string;
  readonly text: string;
  readonly html: Html;
  /** One line for an SMS. */
  readonly short: string;
}

/** One message on its way to one customer. */
interface OutgoingMessage {
  /** Names it over all attempts: letters, digits, `-`, `_`, `.` and `:`. */
  readonly notificationId: string;
  readonly text: MessageText;
  /** Where its reader ends messages of this kind. @default none: it belongs to an order and cannot be ended */
  readonly unsubscribeUrl?: string;
}

/** `refused`: the provider will never take it for this address. */
export type SendResult = { readonly kind: 'sent' } | { readonly kind: 'refused'; readonly reason: string };

/** A way to reach customers. */
export interface NotificationChannel {
  readonly name: 'mail' | 'sms';
  /** The customer's address on this channel; `undefined` where there is none. */
  addressOf(contact: Contact): string | undefined;
  /** @throws PlatformError NOTIFICATION_PROVIDER_FAILED when it is worth another attempt */
  send(to: string, message: OutgoingMessage, signal: AbortSignal): Promise<SendResult>;
}
