import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import type { OrderStatus, PlacedOrder } from '../../../workers/platform/order.ts';
import { type SmartEats, smartEats } from '../../../workers/platform/platform.ts';
import { apiGateway } from '../../../workers/services/gateway/service.ts';
import type { ServiceModule } from '../../../workers/services/host/service-module.ts';
import { seedDemo } from '../../../workers/services/seed/seed-demo.ts';
import type { OrderRecord } from '../../../workers/state/records/orders.ts';
import type { Role } from '../../../workers/state/records/users.ts';
import { openState, type State } from '../../../workers/state/state.ts';
import { directoryStorage } from '../../../workers/storage/directory-storage.ts';
import type { ObjectStorage } from '../../../workers/storage/object-storage.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { runTestService, type TestService } from '../run-service.ts';

/** A gateway with a Redis of its own and demo data: restaurants, two drivers and two customers. */
export interface World {
  readonly redis: TestRedis;
  readonly state: State;
  readonly gateway: TestService;
  /** Where the gateway finds reports. */
  readonly reports: ObjectStorage;
  readonly tokens: {
    readonly customer: string;
    readonly otherCustomer: string;
    /** Speaks for pasta-porta. */
    readonly restaurant: string;
    readonly otherRestaurant: string;
    readonly driver: string;
    readonly otherDriver: string;
  };
  /** How many connections to Redis are subscribed to a channel. */
  countSubscribers(channel: string): Promise<number>;
  /** Puts something into Redis that cannot be read. */
  corrupt(key: string): Promise<void>;
  end(): Promise<void>;
}

/** What links to reports are signed with. */
export const reportLinkSecret = 'a secret of the test';

/** Starts a gateway against a broker; the steps of other services are played by the test. */
export async function startWorld(
  broker: { readonly url: string },
  env: Readonly<Record<string, string>> = {},
  module: ServiceModule<SmartEats, 'api-gateway'> = apiGateway,
): Promise<World> {
  const redis = await startTestRedis();
  const reports = mkdtempSync(join(tmpdir(), 'smarteats-test-reports-'));
  const state = await openState({ REDIS_URL: redis.url }, pino({ level: 'silent' }));
  await eventually(async () => {
    if (!(await state.ready())) throw new Error('Redis does not answer');
  });
  await seedDemo(state.stores, { drivers: 2, customers: 2, password: 'correct horse' });
  const gateway = await runTestService(smartEats, 'api-gateway', module, {
    REDIS_URL: redis.url,
    RABBITMQ_URL: broker.url,
    RATE_LIMIT_PER_MINUTE: '100000',
    AUTH_SERVICE_URL: 'http://127.0.0.1:1',
    PUBLIC_URL: 'https://api.smarteats.example',
    REPORT_LINK_SECRET: reportLinkSecret,
    REPORTS_DIRECTORY: reports,
    ...env,
  });
  const observer = new Redis(redis.url);
  const tokenOf = async (userId: string, role: Role, restaurantId?: string) =>
    (await state.sessions.create(userId, { role, restaurantId })).token;
  return {
    redis,
    state,
    gateway,
    reports: directoryStorage(reports),
    tokens: {
      customer: await tokenOf('customer-1', 'customer'),
      otherCustomer: await tokenOf('customer-2', 'customer'),
      restaurant: await tokenOf('pasta-porta', 'restaurant', 'pasta-porta'),
      otherRestaurant: await tokenOf('spice-route', 'restaurant', 'spice-route'),
      driver: await tokenOf('driver-1', 'driver'),
      otherDriver: await tokenOf('driver-2', 'driver'),
    },
    countSubscribers: async (channel) => {
      const [, count] = await observer.pubsub('NUMSUB', channel);
      return Number(count);
    },
    corrupt: async (key) => {
      await observer.del(key);
      await observer.set(key, '{"half":');
    },
    end: async () => {
      await gateway.stop();
      observer.disconnect();
      await state.close();
      await redis.remove();
      rmSync(reports, { recursive: true, force: true });
    },
  };
}

/** A body of POST /orders that is accepted. */
export const goodOrder = {
  restaurantId: 'pasta-porta',
  items: [
    { menuItemId: 'gnocchi', quantity: 2 },
    { menuItemId: 'tiramisu', quantity: 1 },
  ],
  deliverTo: { address: 'Gartenstraße 1', latitude: 52.53, longitude: 13.4 },
  paymentMethod: 'pm_card_visa',
};

/** An order of customer-1 at pasta-porta, as the gateway would publish it. */
export function placedOrder(orderId: string): PlacedOrder {
  const unitPrice = { amountMinor: 1150, currency: 'EUR' };
  return {
    ...goodOrder,
    orderId,
    userId: 'customer-1',
    items: [{ menuItemId: 'gnocchi', name: 'Gnocchi alla sorrentina', quantity: 1, unitPrice }],
    total: unitPrice,
    contact: { email: 'customer-1@smarteats.example' },
    placedAt: new Date().toISOString(),
  };
}

let recorded = 0;

/** Records an order, as the order service would, and leads it along a path of statuses. */
export async function recordOrder(state: State, ...path: readonly OrderStatus[]): Promise<OrderRecord> {
  recorded += 1;
  const { order } = await state.stores.orders.record(placedOrder(`order-${recorded}`));
  await announce(state, order);
  return path.length === 0 ? order : moveOrder(state, order.orderId, ...path);
}

/** Leads an order from status to status and shows each on the status board, as the services would. */
export async function moveOrder(
  state: State,
  orderId: string,
  ...path: readonly OrderStatus[]
): Promise<OrderRecord> {
  let moved: OrderRecord | undefined;
  for (const status of path) {
    const facts = status === 'driver_assigned' ? { driverId: 'driver-1' } : {};
    const transition = await state.stores.orders.transition(orderId, status, facts);
    if (transition.result !== 'applied') throw new Error(`${orderId} to ${status}: ${transition.result}`);
    moved = transition.order;
    await announce(state, moved);
  }
  if (moved === undefined) throw new Error('the path is empty');
  return moved;
}

async function announce(state: State, order: OrderRecord): Promise<void> {
  const { orderId, userId, restaurantId, status, sequence } = order;
  const occurredAt = new Date().toISOString();
  await state.orderStatus.set({ orderId, userId, restaurantId, status, sequence, occurredAt });
}
