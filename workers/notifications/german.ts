import type { OrderEvent, OrderWords, Wording } from './wording.ts';

/** The reasons a customer can act on, as in `english`. */
const reasons: Readonly<Record<string, string>> = {
  insufficient_funds: 'Auf der Karte ist nicht genug Geld.',
  expired_card: 'Die Karte ist abgelaufen.',
  incorrect_cvc: 'Die Prüfnummer der Karte stimmt nicht.',
  authentication_required:
    'Ihre Bank möchte, dass Sie die Zahlung bestätigen. Bitte bestellen Sie noch einmal und bestätigen Sie sie.',
};

function order(event: OrderEvent, restaurant: string, declineReason: string | undefined): OrderWords {
  switch (event) {
    case 'order_confirmed':
      return {
        headline: 'Ihre Bestellung ist bestätigt',
        sentence: `${restaurant} hat Ihre Bestellung angenommen und beginnt mit der Zubereitung.`,
      };
    case 'payment_declined': {
      const reason = reasons[declineReason ?? ''] ?? 'Die Karte wurde abgelehnt.';
      return {
        headline: 'Ihre Zahlung wurde abgelehnt',
        sentence: `Ihre Bestellung bei ${restaurant} wurde nicht aufgegeben. ${reason} Es wurde nichts abgebucht.`,
      };
    }
    case 'driver_assigned':
      return {
        headline: 'Ein Fahrer holt Ihre Bestellung',
        sentence: `Ein Fahrer ist auf dem Weg zu ${restaurant}, um Ihre Bestellung abzuholen.`,
      };
    case 'order_picked_up':
      return {
        headline: 'Ihre Bestellung ist unterwegs',
        sentence: `Ein Fahrer hat Ihre Bestellung bei ${restaurant} abgeholt und ist auf dem Weg zu Ihnen.`,
      };
    case 'order_delivered':
      return {
        headline: 'Ihre Bestellung wurde geliefert',
        sentence: `Ihre Bestellung von ${restaurant} wurde geliefert. Guten Appetit!`,
      };
  }
}

/** What customers are told in German. */
export const german: Wording = {
  order,
  reference: (orderId, total, placedAt) => `Bestellung ${orderId}, ${total}, aufgegeben am ${placedAt}`,
  total: 'Summe',
  reminder: {
    subject: 'Wieder hungrig?',
    greeting: (name) => `Hallo ${name},`,
    sentence: 'Ihre letzte Bestellung ist schon eine Weile her. Die Restaurants in Ihrer Nähe kochen.',
    invitation: 'Sehen, was es gibt',
    unsubscribe: 'Keine Erinnerungen mehr',
  },
};
