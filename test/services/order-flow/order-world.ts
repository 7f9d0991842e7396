import { Redis } from 'ioredis';
import type { Delivery } from '../../../workers/messaging/delivery.ts';
import type { QueueHandler } from '../../../workers/messaging/handlers.ts';
import type { NotificationChannel } from '../../../workers/notifications/channel.ts';
import type { OrderStatus } from '../../../workers/platform/order.ts';
import { orderStatuses } from '../../../workers/platform/order.ts';
import type { PayloadOf, QueueNameOf, SmartEats } from '../../../workers/platform/platform.ts';
import { deliveryHandlers } from '../../../workers/services/delivery/delivery-handlers.ts';
import { notificationHandlers } from '../../../workers/services/notification/notification-handlers.ts';
import type { OrderTask, OrderTasks } from '../../../workers/services/notification/order-tasks.ts';
import { orderHandlers } from '../../../workers/services/order/order-handlers.ts';
import { paymentHandlers } from '../../../workers/services/payment/payment-handlers.ts';
import type { PaymentProvider } from '../../../workers/services/payment/payment-provider.ts';
import { createStripeProvider } from '../../../workers/services/payment/stripe-provider.ts';
import { paymentSandbox } from '../../../workers/services/payment-sandbox/service.ts';
import { openState, type State } from '../../../workers/state/state.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { createMetrics, type Metrics } from '../../../workers/telemetry/metrics.ts';
import { startTestRedis } from '../../harness/redis.ts';
import { CrashPoints } from '../crash-points.ts';
import { deliveryOf } from '../delivery-of.ts';
import { type Ledger, readLedger } from '../payment-sandbox/sandbox-client.ts';
import { RecordingPublisher } from '../recording-publisher.ts';
import { roma, sampleOrder, sampleRestaurant } from '../sample-order.ts';
import { serveSandbox } from '../serve-sandbox.ts';

/** A handler for every queue of the order flow. */
type Handlers = { readonly [Queue in QueueNameOf<SmartEats>]: QueueHandler<SmartEats, Queue> };

/** The services' handlers over a real Redis and the payment sandbox, with the broker replaced by a record. */
export class OrderWorld {
  readonly publisher = new RecordingPublisher();
  /** Ids of the notifications that were sent, in order, repetitions included. */
  readonly sent: string[] = [];
  /** Tasks that were called, by id. */
  readonly called = new Map<string, OrderTask>();
  readonly metrics: Metrics = createMetrics('test');
  readonly state: State;
  readonly sandboxUrl: string;
  readonly #tasks: OrderTasks = { call: async (task) => void this.called.set(task.id, task) };
  readonly #provider: PaymentProvider;
  readonly #redis: Redis;
  readonly #close: () => Promise<void>;

  private constructor(state: State, sandboxUrl: string, redis: Redis, close: () => Promise<void>) {
    this.state = state;
    this.sandboxUrl = sandboxUrl;
    this.#redis = redis;
    this.#close = close;
    const log = createLogger({ service: 'test', level: 'fatal' });
    this.#provider = createStripeProvider({ apiUrl: sandboxUrl, secretKey: 'sk_test_sandbox', log });
  }

  static async open(): Promise<OrderWorld> {
    const redis = await startTestRedis();
    const sandbox = await serveSandbox('payment-sandbox', paymentSandbox);
    const address = { REDIS_URL: redis.url, REDIS_HOST: '', REDIS_PORT: 0, REDIS_PASSWORD: undefined };
    const state = await openState(address, createLogger({ service: 'test', level: 'fatal' }));
    await state.stores.restaurants.save(sampleRestaurant);
    const client = new Redis(redis.url);
    return new OrderWorld(state, sandbox.url, client, async () => {
      client.disconnect();
      await state.close();
      await sandbox.close();
      await redis.remove();
    });
  }

  close(): Promise<void> {
    return this.#close();
  }

  /** The handlers of a process that crashes at one of its effects. @default one that does not */
  handlers(points = new CrashPoints(0, 'before')): Handlers {
    const { orders, restaurants, payments, notifications, drivers } = this.state.stores;
    const { metrics } = this;
    const flow = {
      orders: points.wrap(orders),
      restaurants: points.wrap(restaurants),
      orderStatus: points.wrap(this.state.orderStatus),
      publisher: points.wrap(this.publisher),
      metrics,
    };
    return {
      ...orderHandlers(flow),
      ...paymentHandlers({ ...flow, payments: points.wrap(payments), provider: points.wrap(this.#provider) }),
      ...deliveryHandlers({ ...flow, drivers: points.wrap(drivers) }),
      ...notificationHandlers({
        metrics,
        stores: { ...this.state.stores, orders: flow.orders, restaurants: flow.restaurants },
        notifications: points.wrap(notifications),
        channels: [this.#channel('mail', points), this.#channel('sms', points)],
        tasks: points.wrap(this.#tasks),
      }),
    };
  }

  /** Lets so much time pass that what a crashed process was sending may be sent by others. */
  async letClaimsEnd(): Promise<void> {
    for (const key of await this.#redis.keys('notification:*')) {
      if ((await this.#redis.get(key))?.startsWith('claimed:')) await this.#redis.del(key);
    }
  }

  /** Hands a payload to the handler of its queue. */
  async handle<Queue extends QueueNameOf<SmartEats>>(
    queue: Queue,
    payload: PayloadOf<SmartEats, Queue>,
    options: { readonly points?: CrashPoints; readonly publishedAt?: Date } = {},
  ): Promise<void> {
    const delivery: Delivery<PayloadOf<SmartEats, Queue>> = deliveryOf(payload, {
      publishedAt: options.publishedAt ?? new Date(),
    });
    await this.handlers(options.points)[queue](payload, delivery);
  }

  /** Records an order and moves it through every status up to the given one; from `confirmed` on it needs a driver. */
  async orderIn(status: OrderStatus, orderId: string): Promise<void> {
    const { orders, drivers } = this.state.stores;
    await orders.record(sampleOrder(orderId));
    const path: readonly OrderStatus[] =
      status === 'payment_declined'
        ? ['created', status]
        : orderStatuses.filter((each) => each !== 'payment_declined');
    for (const next of path.slice(0, path.indexOf(status) + 1)) {
      if (next === 'driver_assigned') await drivers.claimNearest(orderId, roma, 1);
      if (next !== 'created') await orders.transition(orderId, next);
    }
  }

  /** Puts a free driver in front of the sample restaurant. */
  async freeDriver(driverId: string, at = roma): Promise<void> {
    await this.state.stores.drivers.register({ driverId, name: driverId });
    await this.state.stores.drivers.report(driverId, at, true);
  }

  async ledger(orderId: string): Promise<Ledger['charges']> {
    return (await readLedger(this.sandboxUrl, `/ledger?orderId=${orderId}`)).charges;
  }

  /** All that anybody can see of an order, without what differs from one order to another. */
  async visible(orderId: string, driverId: string): Promise<unknown> {
    const { orders, payments, drivers } = this.state.stores;
    const seen = {
      record: await orders.find(orderId),
      live: await this.state.orderStatus.get(orderId),
      payment: await payments.find(orderId),
      charges: await this.ledger(orderId),
      driver: await drivers.find(driverId),
      messages: [...this.publisher.about(orderId)].sort(),
      events: this.publisher.eventsAbout(orderId),
      called: [...this.called.values()].filter(({ id }) => id.includes(`:${orderId}`)),
      sent: [...new Set(this.sent.filter((id) => id.startsWith(`${orderId}:`)))].sort(),
    };
    const text = JSON.stringify(seen)
      .replaceAll(orderId, 'ORDER')
      .replaceAll(driverId, 'DRIVER')
      .replace(/ch_[0-9a-f]+/g, 'CHARGE')
      .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME');
    return JSON.parse(text);
  }

  #channel(name: 'mail' | 'sms', points: CrashPoints): NotificationChannel {
    return {
      name,
      addressOf: ({ email, phone }) => (name === 'mail' ? email : phone),
      send: (_to, { notificationId }) =>
        points.effect(() => {
          this.sent.push(notificationId);
          return { kind: 'sent' as const };
        }),
    };
  }
}
