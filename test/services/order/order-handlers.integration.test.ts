import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderWorld } from '../order-flow/order-world.ts';
import { sampleOrder } from '../sample-order.ts';

let world: OrderWorld;
let orderId: string;
let count = 0;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());
beforeEach(() => {
  count += 1;
  orderId = `order_${count}_`;
});

const confirmed = (restaurantId = 'roma') => ({
  orderId,
  restaurantId,
  confirmedAt: '2026-01-01T12:00:00.000Z',
});
const record = () => world.state.stores.orders.find(orderId);
const messages = () => [...world.publisher.messages.keys()].filter((id) => id.includes(orderId));

describe('order_created', () => {
  it('records the order, tells everybody and asks for the payment', async () => {
    const order = sampleOrder(orderId);
    await world.handle('order_created', order);
    expect(await record()).toMatchObject({ ...order, status: 'created', sequence: 1 });
    expect(await world.state.orderStatus.get(orderId)).toMatchObject({ status: 'created', sequence: 1 });
    expect(world.publisher.eventsAbout(orderId)).toEqual([
      'order_status_broadcast 1 created',
      'order_status_of_restaurant 1 created',
    ]);
    expect(world.publisher.about(orderId)).toEqual([
      `payment_process:${orderId} ${JSON.stringify({
        queue: 'payment_process',
        payload: { orderId, userId: 'user-1', amount: order.total, paymentMethod: 'pm_card_visa' },
      })}`,
    ]);
  });

  it('counts an order once, however often the message comes', async () => {
    const before = await counted();
    await world.handle('order_created', sampleOrder(orderId));
    await world.handle('order_created', sampleOrder(orderId));
    expect(await counted()).toBe(before + 1);
  });

  it('changes nothing of an order that has gone on, and shows nobody an older status', async () => {
    await world.handle('order_created', sampleOrder(orderId));
    await world.handle('payment_complete', { outcome: 'paid', orderId, chargeId: 'ch_1' });
    await world.handle('order_created', sampleOrder(orderId));
    expect(await record()).toMatchObject({ status: 'paid' });
    expect(await world.state.orderStatus.get(orderId)).toMatchObject({ status: 'paid', sequence: 2 });
  });
});

describe('payment_complete', () => {
  it('makes the order paid, with its charge', async () => {
    await world.orderIn('created', orderId);
    await world.handle('payment_complete', { outcome: 'paid', orderId, chargeId: 'ch_1' });
    expect(await record()).toMatchObject({ status: 'paid', chargeId: 'ch_1' });
    expect(messages()).toEqual([]);
  });

  it('makes the order declined, with the reason, and has the customer told', async () => {
    await world.orderIn('created', orderId);
    await world.handle('payment_complete', { outcome: 'declined', orderId, reason: 'insufficient_funds' });
    expect(await record()).toMatchObject({ status: 'payment_declined', declineReason: 'insufficient_funds' });
    expect(messages()).toEqual([`send_notification:${orderId}:payment_declined`]);
  });

  it('is tried again while the order is not recorded', async () => {
    await expect(
      world.handle('payment_complete', { outcome: 'paid', orderId, chargeId: 'ch_1' }),
    ).rejects.toMatchObject({
      code: 'ORDER_UNKNOWN',
    });
  });

  it('is rejected when it contradicts what the order is', async () => {
    await world.orderIn('paid', orderId);
    const contradiction = world.handle('payment_complete', { outcome: 'declined', orderId, reason: 'x' });
    await expect(contradiction).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
      details: { status: 'paid', wanted: 'payment_declined' },
    });
    expect(await record()).toMatchObject({ status: 'paid' });
  });
});

describe('order_confirmed', () => {
  it('makes the order confirmed, asks for a driver at the restaurant, and has the customer told', async () => {
    await world.orderIn('paid', orderId);
    await world.handle('order_confirmed', confirmed());
    expect(await record()).toMatchObject({ status: 'confirmed' });
    expect(world.publisher.about(orderId)).toEqual([
      expect.stringContaining(`"pickUpAt":{"latitude":52.52,"longitude":13.405}`),
      expect.stringContaining('"about":"order_confirmed","contact":{"email":"you@example.com"'),
    ]);
    expect(messages()).toEqual([`assign_driver:${orderId}`, `send_notification:${orderId}:order_confirmed`]);
  });

  it('that comes before the payment is tried again', async () => {
    await world.orderIn('created', orderId);
    await expect(world.handle('order_confirmed', confirmed())).rejects.toMatchObject({
      code: 'ORDER_STATUS_CONFLICT',
    });
    await world.handle('payment_complete', { outcome: 'paid', orderId, chargeId: 'ch_1' });
    await world.handle('order_confirmed', confirmed());
    expect(await record()).toMatchObject({ status: 'confirmed' });
  });

  it('of a declined order is rejected', async () => {
    await world.orderIn('payment_declined', orderId);
    await expect(world.handle('order_confirmed', confirmed())).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
    });
    expect(messages()).toEqual([]);
  });

  it('by another restaurant is rejected and changes nothing', async () => {
    await world.orderIn('paid', orderId);
    await expect(world.handle('order_confirmed', confirmed('napoli'))).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
    });
    expect(await record()).toMatchObject({ status: 'paid' });
  });

  it('of a restaurant without a record is tried again and leaves the order as it is', async () => {
    await world.state.stores.orders.record(sampleOrder(orderId, { restaurantId: 'gone' }));
    await world.state.stores.orders.transition(orderId, 'paid');
    await expect(world.handle('order_confirmed', confirmed('gone'))).rejects.toMatchObject({
      code: 'RESTAURANT_UNKNOWN',
    });
    expect(await record()).toMatchObject({ status: 'paid' });
  });

  it('that comes again after the delivery repeats what it led to under the same names', async () => {
    await world.freeDriver(`driver_${count}`);
    await world.orderIn('paid', orderId);
    await world.handle('order_confirmed', confirmed());
    const first = messages();
    await world.state.stores.drivers.claimNearest(orderId, { latitude: 52.52, longitude: 13.405 }, 1);
    for (const status of ['driver_assigned', 'picked_up', 'delivered'] as const) {
      await world.state.stores.orders.transition(orderId, status);
    }
    await world.handle('order_confirmed', confirmed());
    expect(messages()).toEqual(first);
    expect(await record()).toMatchObject({ status: 'delivered' });
  });
});

async function counted(): Promise<number> {
  const { body } = await world.metrics.scrape();
  return Number(/^orders_created_total\{.*\} (\d+)$/m.exec(body)?.[1]);
}
