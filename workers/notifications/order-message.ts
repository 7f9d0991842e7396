import { html } from '../html/html.ts';
import type { OrderRecord } from '../state/records/orders.ts';
import type { MessageText } from './channel.ts';
import { wordingFor } from './languages.ts';
import { amountText, timeText } from './local-format.ts';
import { oneLine } from './one-line.ts';
import type { OrderEvent } from './wording.ts';

/** The facts a message may speak of. */
export interface OrderFacts {
  readonly order: Pick<OrderRecord, 'orderId' | 'items' | 'total' | 'declineReason' | 'placedAt'>;
  readonly restaurantName: string;
  /** IANA name of the restaurant's time zone, in which the customer lives too. */
  readonly timeZone: string;
  /** BCP 47. */
  readonly locale: string;
}

/** The events whose messages list what was ordered. */
const listing: ReadonlySet<OrderEvent> = new Set(['order_confirmed', 'order_delivered']);

/** Says what happened to an order, in plain words of the customer's language. */
export function orderMessage(
  event: OrderEvent,
  { order, restaurantName, timeZone, locale }: OrderFacts,
): MessageText {
  const wording = wordingFor(locale);
  const restaurant = oneLine(restaurantName);
  const { headline, sentence } = wording.order(event, restaurant, order.declineReason);
  const items = (listing.has(event) ? order.items : []).map(({ quantity, name, unitPrice }) => ({
    name: `${quantity} × ${oneLine(name)}`,
    price: amountText(quantity * unitPrice.amountMinor, unitPrice.currency, { locale }),
  }));
  const total = amountText(order.total.amountMinor, order.total.currency, { locale });
  const placedAt = timeText(new Date(order.placedAt), timeZone, { locale });
  const reference = wording.reference(order.orderId, total, placedAt);
  const rows = items.map(
    ({ name, price }) => html`<tr><td>${name}</td><td align="right">${price}</td></tr>
`,
  );
  return {
    subject: `${headline}: ${restaurant}`,
    text: [
      sentence,
      ...(items.length > 0 ? ['', ...items.map(({ name, price }) => `${name}  ${price}`)] : []),
      '',
      reference,
      '',
    ].join('\n'),
    html: html`<p>${sentence}</p>
${
  rows.length > 0
    ? html`<table cellpadding="4">
${rows}<tr><th align="left">${wording.total}</th><th align="right">${total}</th></tr>
</table>`
    : ''
}
<p><small>${reference}</small></p>
`,
    short: oneLine(`${sentence} (${order.orderId})`, 160),
  };
}
