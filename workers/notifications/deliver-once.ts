import { PlatformError } from '../platform/errors.ts';
import type { Contact } from '../platform/order.ts';
import type { NotificationStore } from '../state/records/notifications.ts';
import { whileRenewed } from '../state/while-renewed.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { MessageText, NotificationChannel } from './channel.ts';

export interface DeliveryDeps {
  readonly notifications: NotificationStore;
  readonly channels: readonly NotificationChannel[];
  readonly metrics: Pick<Metrics, 'count'>;
  /**
   * How long a message is left alone whose sender died, in milliseconds. Whoever sends keeps its claim by renewing it,
   * however long the provider takes.
   * @default 10 000: shorter than the first three delays of a queue together, so that the message need not wait for
   *   the fourth
   */
  readonly claimMs?: number;
}

/** What is to be told to whom; `orderId` and `about` are its name over all attempts and all processes. */
export interface OrderNotification {
  readonly orderId: string;
  readonly about: string;
  readonly contact: Contact;
  readonly text: MessageText;
}

/** What became of a message on each channel. */
export interface DeliveryReport {
  readonly channels: Readonly<Record<string, 'sent' | 'sent before' | 'no address' | 'refused'>>;
  /** The providers' words about what they refused. */
  readonly refusals: readonly string[];
}

/**
 * Tells a customer something about an order, once on each channel that reaches the customer. Each channel is
 * remembered by itself: one that fails is tried again without repeating another, and one that refuses an address does
 * not hold back the rest. Two processes never send the same message side by side. A crash between sending and
 * remembering repeats that one message, under the same Message-ID or Idempotency-Key.
 *
 * @throws PlatformError NOTIFICATION_PROVIDER_FAILED or NOTIFICATION_UNDER_WAY once every channel was tried
 */
export async function deliverOnce(
  deps: DeliveryDeps,
  notification: OrderNotification,
  signal: AbortSignal,
): Promise<DeliveryReport> {
  const results = await Promise.allSettled(
    deps.channels.map((channel) => sendOnce(deps, channel, notification, signal)),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const outcomes = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  return {
    channels: Object.fromEntries(outcomes.map(({ channel, outcome }) => [channel, outcome])),
    refusals: outcomes.flatMap(({ reason }) => reason ?? []),
  };
}

interface Outcome {
  readonly channel: string;
  readonly outcome: DeliveryReport['channels'][string];
  readonly reason?: string;
}

async function sendOnce(
  { notifications, metrics, claimMs = 10_000 }: DeliveryDeps,
  channel: NotificationChannel,
  { orderId, about, contact, text }: OrderNotification,
  signal: AbortSignal,
): Promise<Outcome> {
  const name = { channel: channel.name };
  const to = channel.addressOf(contact);
  if (to === undefined) return { ...name, outcome: 'no address' };
  const notificationId = `${orderId}:${about}:${channel.name}`;
  const claim = await notifications.claim(notificationId, claimMs);
  if (claim === 'sent') return { ...name, outcome: 'sent before' };
  if (claim === 'under way') {
    throw new PlatformError('NOTIFICATION_UNDER_WAY', undefined, { details: { notificationId } });
  }
  try {
    const result = await whileRenewed(
      () => claim.renew(claimMs),
      claimMs / 3,
      () => channel.send(to, { notificationId, text }, signal),
    );
    if (result.kind === 'refused') {
      await claim.giveBack();
      return { ...name, outcome: 'refused', reason: result.reason };
    }
  } catch (error) {
    await claim.giveBack();
    throw error;
  }
  await notifications.markSent(notificationId);
  metrics.count('notifications_sent_total', { ...name, about });
  return { ...name, outcome: 'sent' };
}
