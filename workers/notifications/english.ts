import type { OrderEvent, OrderWords, Wording } from './wording.ts';

/** The reasons a customer can act on; banks want the others (a lost card, for instance) kept from the payer. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: 'there is not enough money on the card.',
  expired_card: 'the card has expired.',
  incorrect_cvc: 'the security code of the card is not right.',
  authentication_required: 'the bank wants you to confirm the payment. Please order again and confirm it.',
};

function order(event: OrderEvent, restaurant: string, declineReason: string | undefined): OrderWords {
  switch (event) {
    case 'order_confirmed':
      return {
        headline: 'Your order is confirmed',
        sentence: `${restaurant} has accepted your order and starts to prepare it.`,
      };
    case 'payment_declined': {
      const reason = reasons[declineReason ?? ''] ?? 'the card was declined.';
      return {
        headline: 'Your payment was declined',
        sentence: `Your order at ${restaurant} was not placed: ${reason} You were not charged.`,
      };
    }
    case 'driver_assigned':
      return {
        headline: 'A driver takes your order',
        sentence: `A driver is on the way to ${restaurant} to pick up your order.`,
      };
    case 'order_picked_up':
      return {
        headline: 'Your order is on its way',
        sentence: `A driver has picked up your order at ${restaurant} and is on the way to you.`,
      };
    case 'order_delivered':
      return {
        headline: 'Your order was delivered',
        sentence: `Your order from ${restaurant} was delivered. Enjoy your meal!`,
      };
  }
}

/** What customers are told in English. */
export const english: Wording = {
  order,
  reference: (orderId, total, placedAt) => `Order ${orderId}, ${total}, placed on ${placedAt}`,
  total: 'Total',
  reminder: {
    subject: 'Hungry again?',
    greeting: (name) => `Hello ${name},`,
    sentence: 'it has been a while since your last order. The restaurants near you are cooking.',
    invitation: 'See what is on the menu',
    unsubscribe: 'No more reminders',
  },
};
