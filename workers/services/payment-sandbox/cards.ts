/** What the sandbox does with a card. */
export type CardBehaviour =
  | { readonly status: 'succeeded' }
  | {
      readonly status: 'declined';
      readonly code: string;
      readonly declineCode: string;
      readonly message: string;
    };

const declined = (code: string, declineCode: string, message: string): CardBehaviour => ({
  status: 'declined',
  code,
  declineCode,
  message,
});

const paid: CardBehaviour = { status: 'succeeded' };

/**
 * The test cards of the sandbox, with the names and answers Stripe's test mode gives them
 * (Stripe documentation, "Testing", PaymentMethods).
 */
export const testCards: ReadonlyMap<string, CardBehaviour> = new Map([
  ['pm_card_visa', paid],
  ['pm_card_mastercard', paid],
  ['pm_card_amex', paid],
  ['pm_card_chargeDeclined', declined('card_declined', 'generic_decline', 'Your card was declined.')],
  [
    'pm_card_chargeDeclinedInsufficientFunds',
    declined('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  ],
  ['pm_card_chargeDeclinedLostCard', declined('card_declined', 'lost_card', 'Your card was declined.')],
  ['pm_card_chargeDeclinedExpiredCard', declined('expired_card', 'expired_card', 'Your card has expired.')],
  [
    'pm_card_authenticationRequired',
    declined(
      'authentication_required',
      'authentication_required',
      'Your card was declined. This transaction requires authentication.',
    ),
  ],
]);
