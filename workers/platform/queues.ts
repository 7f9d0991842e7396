import type { z } from 'zod';
import type { ExchangeName } from './exchanges.ts';
import {
  AssignDriver,
  DeliveryEvent,
  OrderConfirmed,
  OrderCreated,
  PaymentComplete,
  PaymentProcess,
  SendNotification,
} from './payloads.ts';
import { patientRetry, type RetryPolicy, steadyRetry } from './retry.ts';
import type { ServiceName } from './services.ts';

/** A durable quorum queue, the exchange that feeds it, and the service that consumes it. */
export interface QueueDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly description: string;
  /** The exchange bound to the queue; the routing key is the queue's name unless `routingKey` says otherwise. */
  readonly exchange: string;
  readonly routingKey?: string;
  /** The service whose processes consume the queue. */
  readonly consumer: string;
  readonly payload: Schema;
  readonly retry: RetryPolicy;
  /** Messages a consumer holds unacknowledged, and so handles at once. */
  readonly prefetch: number;
  /** Time limit of one attempt, in milliseconds; past it the attempt counts as failed. */
  readonly handlerTimeoutMs: number;
  /** Deliveries after which the broker itself gives a message up (it may be killing its worker). */
  readonly deliveryLimit: number;
  /** Messages the queue holds before the broker refuses more. */
  readonly maxLength: number;
  /** Largest body a consumer takes, in bytes. */
  readonly maxPayloadBytes: number;
}

type Defaulted =
  | 'retry'
  | 'prefetch'
  | 'handlerTimeoutMs'
  | 'deliveryLimit'
  | 'maxLength'
  | 'maxPayloadBytes';

/** What a declaration of a queue must say; the rest has defaults. */
export type QueueInput<Schema extends z.ZodType> = Omit<QueueDeclaration<Schema>, Defaulted> &
  Partial<Pick<QueueDeclaration<Schema>, Defaulted>>;

/**
 * Completes a queue declaration.
 * @default retry patientRetry, prefetch 50, handlerTimeoutMs 30 000, deliveryLimit 20, maxLength 1 000 000, maxPayloadBytes 256 KiB
 */
export function defineQueue<Schema extends z.ZodType, const Consumer extends string>(
  input: QueueInput<Schema> & { readonly consumer: Consumer },
): QueueDeclaration<Schema> & { readonly consumer: Consumer } {
  return {
    retry: patientRetry,
    prefetch: 50,
    handlerTimeoutMs: 30_000,
    deliveryLimit: 20,
    maxLength: 1_000_000,
    maxPayloadBytes: 256 * 1024,
    ...input,
  };
}

/** A queue of this platform: its exchange and consumer must be declared names. */
function queue<Schema extends z.ZodType, const Consumer extends ServiceName>(
  input: QueueInput<Schema> & { readonly exchange: ExchangeName; readonly consumer: Consumer },
) {
  return defineQueue<Schema, Consumer>(input);
}

export const queues = {
  order_created: queue({
    description: 'A customer placed an order',
    exchange: 'smarteats.orders',
    consumer: 'order-service',
    payload: OrderCreated,
  }),
  payment_process: queue({
    description: 'An order is to be charged',
    exchange: 'smarteats.orders',
    consumer: 'payment-service',
    payload: PaymentProcess,
    prefetch: 20,
  }),
  payment_complete: queue({
    description: 'An order was charged or declined',
    exchange: 'smarteats.orders',
    consumer: 'order-service',
    payload: PaymentComplete,
  }),
  order_confirmed: queue({
    description: 'The restaurant accepted an order',
    exchange: 'smarteats.orders',
    consumer: 'order-service',
    payload: OrderConfirmed,
  }),
  assign_driver: queue({
    description: 'A confirmed order needs a driver',
    exchange: 'smarteats.orders',
    consumer: 'delivery-service',
    payload: AssignDriver,
    retry: steadyRetry,
  }),
  delivery_event: queue({
    description: 'A driver picked an order up or delivered it',
    exchange: 'smarteats.orders',
    consumer: 'delivery-service',
    payload: DeliveryEvent,
  }),
  send_notification: queue({
    description: 'A customer is to be told about an order',
    exchange: 'smarteats.orders',
    consumer: 'notification-service',
    payload: SendNotification,
    prefetch: 20,
  }),
};
