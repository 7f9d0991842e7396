import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { deliverySeconds } from '../../../workers/state/records/delivery-time.ts';
import { OrderWorld } from '../order-flow/order-world.ts';
import { roma } from '../sample-order.ts';

let world: OrderWorld;
let orderId: string;
let driverId: string;
let count = 0;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());
beforeEach(() => {
  count += 1;
  orderId = `order_${count}_`;
  driverId = `driver_${count}_`;
});

const record = () => world.state.stores.orders.find(orderId);
const driver = () => world.state.stores.drivers.find(driverId);
const messages = () => [...world.publisher.messages.keys()].filter((id) => id.includes(orderId));
const assign = () => world.handle('assign_driver', { orderId, pickUpAt: roma });
const driverSays = (event: 'picked_up' | 'delivered', by = driverId) =>
  world.handle('delivery_event', { orderId, driverId: by, event, occurredAt: '2026-01-01T12:00:00.000Z' });
const goHome = () => world.state.stores.drivers.report(driverId, roma, false);

describe('assign_driver', () => {
  it('claims a free driver, records it and has the customer told', async () => {
    await world.orderIn('confirmed', orderId);
    await world.freeDriver(driverId);
    await assign();
    expect(await record()).toMatchObject({ status: 'driver_assigned', driverId });
    expect(await driver()).toMatchObject({ state: 'busy', orderId });
    expect(messages()).toEqual([`send_notification:${orderId}:driver_assigned`]);
  });

  it('waits for a driver when none is free, and assigns the one who comes', async () => {
    await world.orderIn('confirmed', orderId);
    await expect(assign()).rejects.toMatchObject({ code: 'NO_DRIVER_FREE' });
    expect(await record()).toMatchObject({ status: 'confirmed' });
    await world.freeDriver(driverId);
    await assign();
    expect(await record()).toMatchObject({ status: 'driver_assigned', driverId });
  });

  it('does not take a driver who is more than 15 km away', async () => {
    await world.orderIn('confirmed', orderId);
    await world.freeDriver(driverId, { latitude: 52.52 + 0.15, longitude: 13.405 });
    await expect(assign()).rejects.toMatchObject({ code: 'NO_DRIVER_FREE' });
    await world.state.stores.drivers.report(driverId, { latitude: 52.52 + 0.12, longitude: 13.405 }, true);
    await assign();
    expect(await record()).toMatchObject({ driverId });
  });

  it('gives two orders at the same time two drivers', async () => {
    const other = `${orderId}other`;
    for (const each of [orderId, other]) await world.orderIn('confirmed', each);
    await world.freeDriver(driverId);
    await world.freeDriver(`${driverId}other`);
    await Promise.all([assign(), world.handle('assign_driver', { orderId: other, pickUpAt: roma })]);
    const drivers = await Promise.all(
      [orderId, other].map((each) => world.state.stores.drivers.ofOrder(each)),
    );
    expect(new Set(drivers).size).toBe(2);
  });

  it('claims nobody for an order that can never be delivered', async () => {
    await world.orderIn('payment_declined', orderId);
    await world.freeDriver(driverId);
    await expect(assign()).rejects.toMatchObject({ code: 'MESSAGE_REJECTED' });
    expect(await driver()).toMatchObject({ state: 'free' });
    await goHome();
  });

  it('claims nobody for an order that is not confirmed yet, and is tried again', async () => {
    await world.orderIn('paid', orderId);
    await world.freeDriver(driverId);
    await expect(assign()).rejects.toMatchObject({ code: 'ORDER_STATUS_CONFLICT' });
    expect(await driver()).toMatchObject({ state: 'free' });
    await goHome();
  });

  it('claims no second driver when it comes again after the delivery', async () => {
    await world.freeDriver(driverId);
    await world.orderIn('picked_up', orderId);
    await driverSays('delivered');
    await assign();
    expect(await driver()).toMatchObject({ state: 'free' });
    expect(await record()).toMatchObject({ status: 'delivered' });
    await goHome();
  });
});

describe('delivery_event', () => {
  beforeEach(async () => {
    await world.freeDriver(driverId);
    await world.orderIn('driver_assigned', orderId);
  });

  it('leads from picked up to delivered, frees the driver and has the customer told of both', async () => {
    await driverSays('picked_up');
    expect(await record()).toMatchObject({ status: 'picked_up' });
    expect(await driver()).toMatchObject({ state: 'busy' });
    expect(messages()).toEqual([`send_notification:${orderId}:order_picked_up`]);
    await driverSays('delivered');
    expect(await record()).toMatchObject({ status: 'delivered' });
    expect(await driver()).toMatchObject({ state: 'free' });
    expect(messages()).toEqual([
      `send_notification:${orderId}:order_picked_up`,
      `send_notification:${orderId}:order_delivered`,
    ]);
    await goHome();
  });

  it('is tried again when delivered comes before picked up', async () => {
    await expect(driverSays('delivered')).rejects.toMatchObject({ code: 'ORDER_STATUS_CONFLICT' });
    await driverSays('picked_up');
    await driverSays('delivered');
    expect(await record()).toMatchObject({ status: 'delivered' });
    await goHome();
  });

  it('of another driver is rejected', async () => {
    await expect(driverSays('picked_up', 'somebody')).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
      details: { driverId: 'somebody', assigned: driverId },
    });
    expect(await record()).toMatchObject({ status: 'driver_assigned' });
  });

  it('of an order without a driver is tried again', async () => {
    orderId = `${orderId}new`;
    await world.orderIn('confirmed', orderId);
    await expect(driverSays('picked_up')).rejects.toMatchObject({ code: 'ORDER_STATUS_CONFLICT' });
  });

  it('that comes again does not free the driver from the next order', async () => {
    await driverSays('picked_up');
    await driverSays('delivered');
    const next = `${orderId}next`;
    await world.orderIn('confirmed', next);
    await world.handle('assign_driver', { orderId: next, pickUpAt: roma });
    await driverSays('delivered');
    expect(await driver()).toMatchObject({ state: 'busy', orderId: next });
  });

  it('observes the time of a delivery once', async () => {
    const before = await observed();
    await driverSays('picked_up');
    await driverSays('delivered');
    await driverSays('delivered');
    expect(await observed()).toBe(before + 1);
    await goHome();
  });
});

describe('the time of a delivery', () => {
  const placedAt = '2026-01-01T12:00:00.000Z';

  it('is that from placing the order to its delivery, in seconds', () => {
    const history = [
      { status: 'created' as const, at: placedAt },
      { status: 'delivered' as const, at: '2026-01-01T12:30:00.500Z' },
    ];
    expect(deliverySeconds({ placedAt, history })).toBe(1_800.5);
  });

  it('is never negative, though two clocks may differ', () => {
    const history = [{ status: 'delivered' as const, at: '2026-01-01T11:59:59.000Z' }];
    expect(deliverySeconds({ placedAt, history })).toBe(0);
  });
});

async function observed(): Promise<number> {
  const { body } = await world.metrics.scrape();
  return Number(/^delivery_time_seconds_count\{.*\} (\d+)$/m.exec(body)?.[1] ?? 0);
}
