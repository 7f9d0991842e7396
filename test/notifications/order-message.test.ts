import { describe, expect, it } from '@jest/globals';
import { amountText, timeText } from '../../workers/notifications/local-format.ts';
import { oneLine } from '../../workers/notifications/one-line.ts';
import { type OrderFacts, orderMessage } from '../../workers/notifications/order-message.ts';

const facts = (changes: Partial<OrderFacts> & { declineReason?: string } = {}): OrderFacts => ({
  restaurantName: changes.restaurantName ?? 'Trattoria Roma',
  timeZone: 'Europe/Berlin',
  locale: changes.locale ?? 'en',
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
    placedAt: '2026-11-23T12:00:00.000Z',
    ...(changes.declineReason !== undefined && { declineReason: changes.declineReason }),
    ...changes.order,
  },
});

describe('the text of a notification', () => {
  it('names the restaurant, what was ordered, the total and the order', () => {
    const { subject, text, short } = orderMessage('order_confirmed', facts());
    expect(subject).toBe('Your order is confirmed: Trattoria Roma');
    expect(text).toContain('Trattoria Roma has accepted your order');
    expect(text).toContain('2 × Pizza <Margherita>');
    expect(text).toContain('2 × Pizza <Margherita>  €18.00');
    expect(text).toMatch(/Order order-1, €18\.00, placed on Nov 23, 2026, 1:00\sPM/);
    expect(short).toContain('order-1');
  });

  it('escapes in its HTML what was typed by people', () => {
    const { html } = orderMessage('order_confirmed', facts({ restaurantName: '<img src=x>' }));
    expect(html.text).toContain('&lt;img src=x&gt; has accepted');
    expect(html.text).toContain('2 × Pizza &lt;Margherita&gt;');
    expect(html.text).not.toContain('<img');
  });

  it.each([
    'order_confirmed',
    'payment_declined',
    'driver_assigned',
    'order_picked_up',
    'order_delivered',
  ] as const)(
    'has no line break in the subject or the SMS about %s, whatever the restaurant is called',
    (about) => {
      const restaurantName = 'Evil\r\nBcc: all@example.com\u2028\u0000 Diner';
      const { subject, short } = orderMessage(about, facts({ restaurantName }));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(subject).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
      expect(short).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      expect(subject).toContain('Evil Bcc: all@example.com Diner');
    },
  );

  it('keeps an SMS to 160 characters', () => {
    const { short } = orderMessage('payment_declined', facts({ restaurantName: 'R'.repeat(200) }));
    expect(short.length).toBeLessThanOrEqual(160);
  });

  it('says why a payment was declined where the customer can do something about it', () => {
    const text = (declineReason: string) => orderMessage('payment_declined', facts({ declineReason })).text;
    expect(text('insufficient_funds')).toContain('not enough money');
    expect(text('expired_card')).toContain('expired');
  });

  it('keeps to itself that a card is reported lost, as banks want it', () => {
    const { text } = orderMessage('payment_declined', facts({ declineReason: 'lost_card' }));
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

describe('a message in another language', () => {
  it('has its words, and amounts and times as its readers write them, at the time of the restaurant', () => {
    const { subject, text, html } = orderMessage('order_confirmed', facts({ locale: 'de-DE' }));
    expect(subject).toBe('Ihre Bestellung ist bestätigt: Trattoria Roma');
    expect(text).toMatch(/Bestellung order-1, 18,00\s€, aufgegeben am 23\.11\.2026, 13:00/);
    expect(html.text).toMatch(/Summe.*18,00\s€/);
  });

  it.each(['insufficient_funds', 'lost_card'])(
    'says no more of a declined payment than English does: %s',
    (reason) => {
      const { text } = orderMessage('payment_declined', facts({ declineReason: reason, locale: 'de' }));
      expect(text).toContain(reason === 'lost_card' ? 'Die Karte wurde abgelehnt.' : 'nicht genug Geld');
    },
  );

  it('is English in words and local in figures where the language has no words yet', () => {
    const { subject, text } = orderMessage('order_delivered', facts({ locale: 'fr-FR' }));
    expect(subject).toBe('Your order was delivered: Trattoria Roma');
    expect(text).toMatch(/18,00\s€/);
  });
});

describe('a time', () => {
  it('is that of the clock on the wall, summer and winter', () => {
    expect(timeText(new Date('2026-07-01T12:00:00Z'), 'Europe/Berlin', { locale: 'de' })).toBe(
      '01.07.2026, 14:00',
    );
    expect(timeText(new Date('2026-11-01T12:00:00Z'), 'Europe/Berlin', { locale: 'de' })).toBe(
      '01.11.2026, 13:00',
    );
  });

  it('of a place that nobody knows is UTC, and says so', () => {
    expect(timeText(new Date('2026-07-01T12:00:00Z'), 'Mars/Base', { locale: 'de' })).toBe(
      '01.07.2026, 12:00 UTC',
    );
  });
});

describe('an amount', () => {
  it.each([
    [1_250, 'EUR', 'en', '€12.50'],
    [5, 'USD', 'en', '$0.05'],
    [1_250, 'JPY', 'en', '¥1,250'],
    [1_250, 'EUR', 'de-DE', '12,50\u00a0€'],
  ])('of %i minor units of %s reads in %s: %s', (minor, currency, locale, text) => {
    expect(amountText(minor, currency, { locale })).toBe(text);
  });
});
