import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Crash, CrashPoints } from '../crash-points.ts';
import { sampleOrder } from '../sample-order.ts';
import { OrderWorld } from './order-world.ts';

let world: OrderWorld;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());

interface Names {
  readonly orderId: string;
  readonly driverId: string;
}

interface Scenario {
  readonly name: string;
  prepare(names: Names): Promise<void>;
  handle(names: Names, points?: CrashPoints): Promise<void>;
}

const contact = sampleOrder('any').contact;
const at = '2026-01-01T12:00:00.000Z';

function notify(
  about: 'order_confirmed' | 'payment_declined',
  { orderId }: Names,
  points: CrashPoints | undefined,
): Promise<void> {
  return world.handle('send_notification', { orderId, userId: 'user-1', about, contact }, withPoints(points));
}

const scenarios: readonly Scenario[] = [
  {
    name: 'order_created',
    prepare: async () => undefined,
    handle: ({ orderId }, points) => world.handle('order_created', fixedOrder(orderId), withPoints(points)),
  },
  {
    name: 'payment_process with a good card',
    prepare: ({ orderId }) => world.orderIn('created', orderId),
    handle: ({ orderId }, points) => pay(orderId, 'pm_card_visa', points),
  },
  {
    name: 'payment_process with a card that is declined',
    prepare: ({ orderId }) => world.orderIn('created', orderId),
    handle: ({ orderId }, points) => pay(orderId, 'pm_card_chargeDeclined', points),
  },
  {
    name: 'payment_complete of a paid order',
    prepare: ({ orderId }) => world.orderIn('created', orderId),
    handle: ({ orderId }, points) =>
      world.handle('payment_complete', { outcome: 'paid', orderId, chargeId: 'ch_1' }, withPoints(points)),
  },
  {
    name: 'payment_complete of a declined order',
    prepare: ({ orderId }) => world.orderIn('created', orderId),
    handle: ({ orderId }, points) =>
      world.handle(
        'payment_complete',
        { outcome: 'declined', orderId, reason: 'lost_card' },
        withPoints(points),
      ),
  },
  {
    name: 'order_confirmed',
    prepare: ({ orderId }) => world.orderIn('paid', orderId),
    handle: ({ orderId }, points) =>
      world.handle('order_confirmed', { orderId, restaurantId: 'roma', confirmedAt: at }, withPoints(points)),
  },
  {
    name: 'assign_driver',
    prepare: async ({ orderId, driverId }) => {
      await world.orderIn('confirmed', orderId);
      await world.freeDriver(driverId);
    },
    handle: ({ orderId }, points) =>
      world.handle(
        'assign_driver',
        { orderId, pickUpAt: { latitude: 52.52, longitude: 13.405 } },
        withPoints(points),
      ),
  },
  {
    name: 'delivery_event picked_up',
    prepare: (names) => inDelivery('driver_assigned', names),
    handle: (names, points) => driverSays('picked_up', names, points),
  },
  {
    name: 'delivery_event delivered',
    prepare: (names) => inDelivery('picked_up', names),
    handle: (names, points) => driverSays('delivered', names, points),
  },
  {
    name: 'send_notification by a task',
    prepare: ({ orderId }) => world.orderIn('confirmed', orderId),
    handle: (names, points) => notify('order_confirmed', names, points),
  },
  {
    name: 'send_notification',
    prepare: ({ orderId }) => world.orderIn('payment_declined', orderId),
    handle: (names, points) => notify('payment_declined', names, points),
  },
];

describe.each(scenarios)('$name', ({ name, prepare, handle }) => {
  const namesOf = (run: string): Names => {
    const id = `${name}-${run}`.replace(/\W/g, '_');
    return { orderId: `order-${id}`, driverId: `driver-${id}` };
  };

  /** What is visible after a message was handled without trouble. */
  async function undisturbed(): Promise<unknown> {
    const names = namesOf('undisturbed');
    await prepare(names);
    await handle(names);
    return world.visible(names.orderId, names.driverId);
  }

  it('has no further effect when handled a second time', async () => {
    const names = namesOf('twice');
    await prepare(names);
    await handle(names);
    const once = await world.visible(names.orderId, names.driverId);
    const sentOnce = world.sent.length;
    await handle(names);
    expect(await world.visible(names.orderId, names.driverId)).toEqual(once);
    expect(world.sent.length).toBe(sentOnce);
  });

  it.each(['before', 'after'] as const)(
    'comes to the same end after a crash just %s any of its effects',
    async (when) => {
      const expected = await undisturbed();
      let crashes = 0;
      for (let step = 1; ; step += 1) {
        const names = namesOf(`${when}-${step}`);
        const points = new CrashPoints(step, when);
        await prepare(names);
        const failure = await handle(names, points).catch((error: unknown) => error);
        await world.letClaimsEnd();
        await handle(names);
        expect({ step, seen: await world.visible(names.orderId, names.driverId) }).toEqual({
          step,
          seen: expected,
        });
        if (!points.crashed) break;
        expect(failure).toBeInstanceOf(Crash);
        crashes += 1;
      }
      expect(crashes).toBeGreaterThanOrEqual(3);
    },
  );
});

const placedAt = new Date().toISOString();

/** The same order at every call, as a message that is delivered again is the same message. */
function fixedOrder(orderId: string) {
  return sampleOrder(orderId, { placedAt });
}

function withPoints(points: CrashPoints | undefined) {
  return points === undefined ? {} : { points };
}

function pay(orderId: string, paymentMethod: string, points?: CrashPoints): Promise<void> {
  const amount = { amountMinor: 1_900, currency: 'EUR' };
  return world.handle(
    'payment_process',
    { orderId, userId: 'user-1', amount, paymentMethod },
    withPoints(points),
  );
}

async function inDelivery(
  status: 'driver_assigned' | 'picked_up',
  { orderId, driverId }: Names,
): Promise<void> {
  await world.freeDriver(driverId);
  await world.orderIn(status, orderId);
}

async function driverSays(
  event: 'picked_up' | 'delivered',
  { orderId, driverId }: Names,
  points?: CrashPoints,
) {
  await world.handle('delivery_event', { orderId, driverId, event, occurredAt: at }, withPoints(points));
  // Off duty from here on, so that the next order gets its own driver.
  await world.state.stores.drivers.report(driverId, { latitude: 52.52, longitude: 13.405 }, false);
}
