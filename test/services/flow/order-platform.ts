import getPort from 'get-port';
import { createMessaging, type Messaging } from '../../../workers/messaging/runtime.ts';
import { type OrderStatus, orderStatuses } from '../../../workers/platform/order.ts';
import type { OrderStatusChanged } from '../../../workers/platform/payloads.ts';
import { type SmartEats, smartEats } from '../../../workers/platform/platform.ts';
import { deliveryService } from '../../../workers/services/delivery/service.ts';
import { createMessageCatcher } from '../../../workers/services/message-catcher/service.ts';
import { createNotificationService } from '../../../workers/services/notification/service.ts';
import { orderService } from '../../../workers/services/order/service.ts';
import { paymentService } from '../../../workers/services/payment/service.ts';
import { paymentSandbox } from '../../../workers/services/payment-sandbox/service.ts';
import { notificationsWorker } from '../../../workers/services/task-workers/notifications-worker.ts';
import { openState, type State } from '../../../workers/state/state.ts';
import { createLogger } from '../../../workers/telemetry/log.ts';
import { freshVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis } from '../../harness/redis.ts';
import { runTestService, type TestService } from '../run-service.ts';
import { roma, sampleOrder, sampleRestaurant } from '../sample-order.ts';

/** Every service behind the queues in one process, on a real broker and a real Redis; the test plays the gateway. */
export interface OrderPlatform {
  readonly state: State;
  readonly messaging: Messaging<SmartEats>;
  readonly amqpUrl: string;
  readonly sandboxUrl: string;
  readonly catcherUrl: string;
  readonly services: readonly TestService[];
  /** Every status change that was broadcast, as it came. */
  readonly broadcast: readonly OrderStatusChanged[];
  place(orderId: string, changes?: Parameters<typeof sampleOrder>[1]): Promise<void>;
  confirm(orderId: string): Promise<void>;
  driverSays(event: 'picked_up' | 'delivered', orderId: string): Promise<void>;
  freeDriver(driverId: string): Promise<void>;
  /** Waits until an order has had a status. */
  reached(orderId: string, status: OrderStatus): Promise<void>;
  /** Waits until every message that was published is settled. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** @param overrides environment variables that take the place of the usual ones */
export async function startOrderPlatform(
  overrides: Readonly<Record<string, string>> = {},
): Promise<OrderPlatform> {
  const [redis, vhost, smtpPort] = await Promise.all([
    startTestRedis(),
    freshVhost(smartEats),
    getPort({ host: '127.0.0.1' }),
  ]);
  const log = createLogger({ service: 'test', level: 'fatal' });
  const state = await openState(
    { REDIS_URL: redis.url, REDIS_HOST: '', REDIS_PORT: 0, REDIS_PASSWORD: undefined },
    log,
  );
  await state.stores.restaurants.save(sampleRestaurant);
  const sandbox = await runTestService(smartEats, 'payment-sandbox', paymentSandbox, {});
  const catcher = await runTestService(smartEats, 'message-catcher', createMessageCatcher(), {
    SMTP_PORT: String(smtpPort),
  });
  const env = {
    REDIS_URL: redis.url,
    RABBITMQ_URL: vhost.url,
    PAYMENT_API_URL: sandbox.url,
    SMTP_URL: `smtp://127.0.0.1:${smtpPort}`,
    SMS_API_URL: `${catcher.url}/sms`,
    ...overrides,
  };
  const services = await Promise.all([
    runTestService(smartEats, 'order-service', orderService, env),
    runTestService(smartEats, 'payment-service', paymentService, env),
    runTestService(smartEats, 'delivery-service', deliveryService, env),
    runTestService(smartEats, 'notification-service', createNotificationService(), env),
    runTestService(smartEats, 'notifications-worker', notificationsWorker, env),
  ]);
  const messaging = createMessaging({
    platform: smartEats,
    service: 'api-gateway',
    connection: { url: vhost.url },
    ledger: state.ledger,
    log,
  });
  const broadcast: OrderStatusChanged[] = [];
  messaging.listen('order_status_broadcast', (change) => void broadcast.push(change));
  const listening = new Promise((resolve) => messaging.on('subscribed', resolve));
  messaging.start();
  await listening;
  await Promise.all(services.map((service) => service.ready()));
  const { publisher } = messaging;
  const confirmedAt = new Date().toISOString();
  return {
    state,
    messaging,
    amqpUrl: vhost.url,
    sandboxUrl: sandbox.url,
    catcherUrl: catcher.url,
    services,
    broadcast,
    place: (orderId, changes) =>
      publisher.publish('order_created', sampleOrder(orderId, changes), {
        messageId: `order_created:${orderId}`,
      }),
    confirm: (orderId) =>
      publisher.publish(
        'order_confirmed',
        { orderId, restaurantId: sampleRestaurant.restaurantId, confirmedAt },
        { messageId: `order_confirmed:${orderId}` },
      ),
    driverSays: async (event, orderId) => {
      const driverId = (await state.stores.drivers.ofOrder(orderId)) ?? 'nobody';
      await publisher.publish(
        'delivery_event',
        { orderId, driverId, event, occurredAt: new Date().toISOString() },
        { messageId: `delivery_event:${orderId}:${event}` },
      );
    },
    freeDriver: async (driverId) => {
      await state.stores.drivers.register({ driverId, name: driverId });
      await state.stores.drivers.report(driverId, roma, true);
    },
    reached: (orderId, status) =>
      eventually(async () => {
        const history = (await state.stores.orders.find(orderId))?.history.map((entry) => entry.status) ?? [];
        if (!history.includes(status)) throw new Error(`${orderId} has been ${history}, not ${status}`);
      }, 60_000),
    quiet: () =>
      eventually(async () => {
        const open = Object.entries(await state.ledger.accounts()).filter(
          ([, { published, done, dead, dropped }]) => published !== done + dead + dropped,
        );
        if (open.length > 0) throw new Error(`not settled: ${JSON.stringify(open)}`);
      }, 60_000),
    close: async () => {
      await messaging.close({ graceMs: 2_000 });
      await Promise.all(services.map((service) => service.stop()));
      await Promise.all([sandbox.stop(), catcher.stop()]);
      await state.close();
      await vhost.drop();
      await redis.remove();
    },
  };
}

/** The statuses of an order that goes well, in order. */
export const goodWay: readonly OrderStatus[] = orderStatuses.filter(
  (status) => status !== 'payment_declined',
);
