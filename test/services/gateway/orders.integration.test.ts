import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { failureOf } from '../http-client.ts';
import { openEvents } from './sse-client.ts';
import { goodOrder, moveOrder, recordOrder, startWorld, type World } from './world.ts';

let broker: TestVhost;
let world: World;
beforeAll(async () => {
  broker = await freshVhost(smartEats);
  world = await startWorld(broker);
  await world.gateway.ready();
});
afterAll(async () => {
  await world.end();
  await broker.drop();
});

const follow = (orderId: string, headers = {}) =>
  openEvents(`${world.gateway.url}/orders/${orderId}/events`, world.tokens.customer, headers);

describe('reading an order', () => {
  it('is for its customer, its restaurant and its driver', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    for (const token of [world.tokens.customer, world.tokens.restaurant, world.tokens.driver]) {
      const answer = await world.gateway.call('GET', `/orders/${orderId}`, { token });
      expect(answer.json).toMatchObject({
        orderId,
        status: 'driver_assigned',
        sequence: 4,
        driverId: 'driver-1',
      });
      expect(answer.text).not.toMatch(/pm_card|customer-1@/);
    }
  });

  it('is refused to everybody else as if there were no order', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    const { otherCustomer, otherRestaurant, otherDriver } = world.tokens;
    for (const token of [otherCustomer, otherRestaurant, otherDriver]) {
      expect(failureOf(await world.gateway.call('GET', `/orders/${orderId}`, { token }))).toEqual([
        404,
        'ORDER_UNKNOWN',
      ]);
      const events = await world.gateway.call('GET', `/orders/${orderId}/events`, { token });
      expect(failureOf(events)).toEqual([404, 'ORDER_UNKNOWN']);
    }
  });

  it('is open to the driver from the moment of the claim, before the record names the driver', async () => {
    const { orderId, deliverTo } = await recordOrder(world.state, 'paid', 'confirmed');
    await world.state.stores.drivers.register({ driverId: 'driver-2', name: 'Demo driver 2' });
    await world.state.stores.drivers.report(
      'driver-2',
      { latitude: deliverTo.latitude, longitude: deliverTo.longitude },
      true,
    );
    await world.state.stores.drivers.claimNearest(orderId, deliverTo, 5);
    const answer = await world.gateway.call('GET', `/orders/${orderId}`, { token: world.tokens.otherDriver });
    expect(answer.json).toMatchObject({ orderId, status: 'confirmed' });
  });

  it('lists a customer their own orders, newest first', async () => {
    const first = await recordOrder(world.state);
    const second = await recordOrder(world.state, 'payment_declined');
    const { token } = { token: world.tokens.customer };
    const answer = await world.gateway.call('GET', '/orders?limit=2', { token });
    const { orders } = answer.json as { orders: { orderId: string }[] };
    expect(orders.map(({ orderId }) => orderId)).toEqual([second.orderId, first.orderId]);
    const other = await world.gateway.call('GET', '/orders', { token: world.tokens.otherCustomer });
    expect(other.json).toEqual({ orders: [] });
  });
});

describe('following an order', () => {
  it('shows its status at once and then each change, and ends after the last one', async () => {
    const { orderId } = await recordOrder(world.state);
    const client = await follow(orderId);
    expect([client.status, client.contentType]).toEqual([200, 'text/event-stream; charset=utf-8']);
    await client.received(1);
    await moveOrder(world.state, orderId, 'paid', 'confirmed', 'driver_assigned', 'picked_up', 'delivered');
    await client.ended;
    expect(client.events.map(({ id, data }) => [id, data['status']])).toEqual([
      ['1', 'created'],
      ['2', 'paid'],
      ['3', 'confirmed'],
      ['4', 'driver_assigned'],
      ['5', 'picked_up'],
      ['6', 'delivered'],
    ]);
    expect(client.events[1]?.data).toEqual({
      orderId,
      userId: 'customer-1',
      restaurantId: 'pasta-porta',
      status: 'paid',
      sequence: 2,
      occurredAt: expect.any(String),
    });
  });

  it('begins right after the order was accepted', async () => {
    const placed = await world.gateway.call('POST', '/orders', {
      token: world.tokens.customer,
      body: goodOrder,
    });
    const { orderId } = placed.json as { orderId: string };
    const client = await follow(orderId);
    await client.received(1);
    const request = await world.state.orderRequests.find(orderId);
    if (request === undefined) throw new Error('the request is not remembered');
    await world.state.stores.orders.record(request.order);
    await moveOrder(world.state, orderId, 'payment_declined');
    await client.ended;
    expect(client.events.map(({ id, data }) => [id, data['status']])).toEqual([
      ['0', 'accepted'],
      ['2', 'payment_declined'],
    ]);
  });

  it('goes on after the last event the client saw', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    const client = await follow(orderId, { 'last-event-id': '2' });
    await client.received(2);
    client.leave();
    expect(client.events.map(({ id }) => id)).toEqual(['3', '4']);
  });

  it('of an order that is over shows how it ended', async () => {
    const { orderId } = await recordOrder(world.state, 'payment_declined');
    const client = await follow(orderId);
    await client.ended;
    expect(client.events.map(({ data }) => data['status'])).toEqual(['payment_declined']);
  });

  it('tells a client that has seen the end not to come again', async () => {
    const { orderId } = await recordOrder(world.state, 'payment_declined');
    const client = await follow(orderId, { 'last-event-id': '2' });
    await client.ended;
    expect([client.status, client.events]).toEqual([204, []]);
  });

  it.each(['', 'two', '-1', '99999999999999999999', '1e3'])(
    'takes a Last-Event-ID that is not one of ours (%j) for none',
    async (id) => {
      const { orderId } = await recordOrder(world.state, 'paid');
      const client = await follow(orderId, { 'last-event-id': id });
      await client.received(1);
      client.leave();
      expect(client.events.map(({ data }) => data['status'])).toEqual(['paid']);
    },
  );

  it('shows changes in their order when the announcement lags behind the record', async () => {
    const { orderId } = await recordOrder(world.state);
    await world.state.stores.orders.transition(orderId, 'paid');
    const client = await follow(orderId);
    await client.received(1);
    await moveOrder(world.state, orderId, 'confirmed');
    await client.received(2);
    client.leave();
    expect(client.events.map(({ data }) => data['status'])).toEqual(['paid', 'confirmed']);
  });

  it('holds nothing once the client has left', async () => {
    const { orderId } = await recordOrder(world.state);
    const clients = await Promise.all([follow(orderId), follow(orderId)]);
    await Promise.all(clients.map((client) => client.received(1)));
    expect(await subscribers(orderId)).toBe(1);
    for (const client of clients) client.leave();
    await eventually(async () => expect(await subscribers(orderId)).toBe(0));
  });

  it('is not begun for a HEAD request, which could not end it', async () => {
    const { orderId } = await recordOrder(world.state);
    const token = world.tokens.customer;
    const head = await world.gateway.call('HEAD', `/orders/${orderId}/events`, { token });
    expect(head.status).toBe(404);
    expect(await subscribers(orderId)).toBe(0);
  });

  it('counts as answered when it begins, not when it ends', async () => {
    const { orderId } = await recordOrder(world.state);
    const client = await follow(orderId);
    await client.received(1);
    const { text } = await world.gateway.call('GET', '/metrics');
    expect(text).toMatch(
      /^http_requests_total\{method="GET",route="\/orders\/:orderId\/events",status="200"/m,
    );
    client.leave();
  });
});

/** How many connections to Redis are subscribed to the status of an order. */
async function subscribers(orderId: string): Promise<number> {
  return world.countSubscribers(`order:status:${orderId}`);
}
