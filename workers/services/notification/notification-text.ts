import type { OrderRecord } from '../../state/records/orders.ts';
import { type Html, html } from '../html/html.ts';
import type { NotificationSubject } from '../order-flow/notify.ts';

/** What a customer is told, in the forms the channels need. */
export interface NotificationText {
  readonly subject: string;
  readonly text: string;
  readonly html: Html;
  /** One line for an SMS. */
  readonly short: string;
}

/** The facts a notification may speak of. */
export interface NotificationFacts {
  readonly order: Pick<OrderRecord, 'orderId' | 'items' | 'total' | 'declineReason'>;
  readonly restaurantName: string;
}

const longestName = 80;

/**
 * Makes text safe for a header and for one line: control characters (line breaks among them) and runs of white
 * space become one space, and what is too long is cut.
 */
export function oneLine(text: string, maxLength = longestName): string {
  const line = text.replace(/[\s\p{Cc}\p{Cf}]+/gu, ' ').trim();
  return line.length <= maxLength ? line : `${line.slice(0, maxLength - 1).trimEnd()}…`;
}

/** Says what happened to an order, in plain words. */
export function notificationText(about: NotificationSubject, facts: NotificationFacts): NotificationText {
  const { order } = facts;
  const restaurant = oneLine(facts.restaurantName);
  const { headline, sentence, listsItems } = wordsOf(about, restaurant, order.declineReason);
  const items = listsItems ? order.items.map(({ quantity, name }) => `${quantity} × ${oneLine(name)}`) : [];
  const total = amountText(order.total.amountMinor, order.total.currency);
  const reference = `Order ${order.orderId}, ${total}`;
  return {
    subject: `${headline}: ${restaurant}`,
    text: [sentence, ...(items.length > 0 ? ['', ...items] : []), '', reference, ''].join('\n'),
    html: html`<p>${sentence}</p>
${items.length > 0 ? html`<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>` : ''}
<p><small>${reference}</small></p>
`,
    short: oneLine(`${sentence} (${order.orderId})`, 160),
  };
}

/** An amount in the currency's own notation, e.g. €12.50; currencies differ in their number of minor digits. */
export function amountText(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

interface Words {
  readonly headline: string;
  readonly sentence: string;
  readonly listsItems: boolean;
}

function wordsOf(about: NotificationSubject, restaurant: string, declineReason: string | undefined): Words {
  switch (about) {
    case 'order_confirmed':
      return {
        headline: 'Your order is confirmed',
        sentence: `${restaurant} has accepted your order and starts to prepare it.`,
        listsItems: true,
      };
    case 'payment_declined':
      return {
        headline: 'Your payment was declined',
        sentence: `Your order at ${restaurant} was not placed: ${reasonText(declineReason)} You were not charged.`,
        listsItems: false,
      };
    case 'driver_assigned':
      return {
        headline: 'A driver takes your order',
        sentence: `A driver is on the way to ${restaurant} to pick up your order.`,
        listsItems: false,
      };
    case 'order_delivered':
      return {
        headline: 'Your order was delivered',
        sentence: `Your order from ${restaurant} was delivered. Enjoy your meal!`,
        listsItems: true,
      };
  }
}

/** The reasons a customer can act on; banks want the others (a lost card, for instance) kept from the payer. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: 'there is not enough money on the card.',
  expired_card: 'the card has expired.',
  incorrect_cvc: 'the security code of the card is not right.',
  authentication_required: 'the bank wants you to confirm the payment. Please order again and confirm it.',
};

function reasonText(declineReason: string | undefined): string {
  return reasons[declineReason ?? ''] ?? 'the card was declined.';
}
