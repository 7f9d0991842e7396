import { describe, expect, it } from '@jest/globals';
import {
  amountText,
  type NotificationFacts,
  notificationText,
  oneLine,
} from '../../../workers/services/notification/notification-text.ts';

const facts = (changes: Partial<NotificationFacts> & { declineReason?: string } = {}): NotificationFacts => ({
  restaurantName: changes.restaurantName ?? 'Trattoria Roma',
  order: {
    orderId: 'order-1',
    items: [
      {
        menuItemId: 'm1',
        name: 'Pizza <Margherita>',
        quantity: 2,
        unitPrice: { amountMinor: 900, currency: 'EUR' },
      },
    ],
    total: { amountMinor: 1_800, currency: 'EUR' },
    ...(changes.declineReason !== undefined && { declineReason: changes.declineReason }),
    ...changes.order,
  },
});

describe('the text of a notification', () => {
  it('names the restaurant, what was ordered, the total and the order', () => {
    const { subject, text, short } = notificationText('order_confirmed', facts());
    expect(subject).toBe('Your order is confirmed: Trattoria Roma');
    expect(text).toContain('Trattoria Roma has accepted your order');
    expect(text).toContain('2 × Pizza <Margherita>');
    expect(text).toContain('Order order-1, €18.00');
    expect(short).toContain('order-1');
  });

  it('escapes in its HTML what was typed by people', () => {
    const { html } = notificationText('order_confirmed', facts({ restaurantName: '<img src=x>' }));
    expect(html.text).toContain('&lt;img src=x&gt; has accepted');
    expect(html.text).toContain('2 × Pizza &lt;Margherita&gt;');
    expect(html.text).not.toContain('<img');
  });

  it.each(['order_confirmed', 'payment_declined', 'driver_assigned', 'order_delivered'] as const)(
    'has no line break in the subject or the SMS about %s, whatever the restaurant is called',
    (about) => {
      const restaurantName = 'Evil\r\nBcc: all@example.com\u2028\u0000 Diner';
      const { subject, short } = notificationText(about, facts({ restaurantName }));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(short).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(subject).toContain('Evil Bcc: all@example.com Diner');
    },
  );

  it('keeps an SMS to 160 characters', () => {
    const { short } = notificationText('payment_declined', facts({ restaurantName: 'R'.repeat(200) }));
    expect(short.length).toBeLessThanOrEqual(160);
  });

  it('says why a payment was declined where the customer can do something about it', () => {
    const text = (declineReason: string) =>
      notificationText('payment_declined', facts({ declineReason })).text;
    expect(text('insufficient_funds')).toContain('not enough money');
    expect(text('expired_card')).toContain('expired');
  });

  it('keeps to itself that a card is reported lost, as banks want it', () => {
    const { text } = notificationText('payment_declined', facts({ declineReason: 'lost_card' }));
    expect(text).toContain('the card was declined');
    expect(text).not.toContain('lost');
  });
});

describe('one line', () => {
  it('turns line breaks, tabs and invisible characters into single spaces', () => {
    expect(oneLine(' a\r\n\tb\u200b\u0007c ')).toBe('a b c');
  });

  it('cuts what is too long and shows that it did', () => {
    expect(oneLine('abcdef', 4)).toBe('abc…');
    expect(oneLine('abcd', 4)).toBe('abcd');
  });
});

describe('an amount', () => {
  it.each([
    [1_250, 'EUR', '€12.50'],
    [5, 'USD', '$0.05'],
    [1_250, 'JPY', '¥1,250'],
  ])('of %i minor units of %s reads %s', (minor, currency, text) => {
    expect(amountText(minor, currency)).toBe(text);
  });
});
