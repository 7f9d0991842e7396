/** An exchange on the broker; all are durable. */
export interface ExchangeDeclaration {
  readonly type: 'direct' | 'fanout' | 'topic';
  readonly description: string;
}

export const exchanges = {
  'smarteats.orders': {
    type: 'direct',
    description: 'Work of the order flow: one routing key for each queue',
  },
  'smarteats.order-status': {
    type: 'fanout',
    description: 'Every change of an order status, to whoever listens',
  },
  'smarteats.events': {
    type: 'topic',
    description: 'The same changes by restaurant: order.<restaurantId>.<status>',
  },
} as const satisfies Record<string, ExchangeDeclaration>;

export type ExchangeName = keyof typeof exchanges;
