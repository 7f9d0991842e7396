import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { errorOf, failureOf } from '../http-client.ts';
import { takeAll } from './queued-messages.ts';
import { openEvents } from './sse-client.ts';
import { moveOrder, recordOrder, startWorld, type World } from './world.ts';

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

const get = (path: string, token?: string) => world.gateway.call('GET', path, { token });

describe('restaurants and menus', () => {
  it('can be read by anybody', async () => {
    const list = (await get('/restaurants')).json as { restaurants: { restaurantId: string }[] };
    expect(list.restaurants.map(({ restaurantId }) => restaurantId)).toContain('green-bowl');
    expect((await get('/restaurants/green-bowl')).json).toMatchObject({ name: 'Green Bowl', open: true });
    const menu = (await get('/restaurants/green-bowl/menu')).json as { items: { menuItemId: string }[] };
    expect(menu.items.map(({ menuItemId }) => menuItemId)).toContain('lemonade');
  });

  it.each(['/restaurants/nowhere', '/restaurants/nowhere/menu'])('are unknown at %s', async (path) => {
    expect(failureOf(await get(path))).toEqual([404, 'RESTAURANT_UNKNOWN']);
  });

  it('are read from the cache, and a change by the owner is seen at once', async () => {
    await get('/restaurants/pasta-porta');
    await get('/restaurants/pasta-porta/menu');
    // Behind the gateway's back: the cache still has the old ones.
    const stored = await world.state.stores.restaurants.find('pasta-porta');
    if (stored === undefined) throw new Error('there is no pasta-porta');
    await world.state.stores.restaurants.save({ ...stored, name: 'Renamed' });
    expect((await get('/restaurants/pasta-porta')).json).toMatchObject({ name: 'Pasta Porta', open: true });

    const { restaurant: token } = world.tokens;
    const closed = await world.gateway.call('PATCH', '/restaurants/pasta-porta', {
      token,
      body: { open: false },
    });
    expect(closed.json).toMatchObject({ name: 'Renamed', open: false });
    expect((await get('/restaurants/pasta-porta')).json).toMatchObject({ name: 'Renamed', open: false });

    const body = {
      name: 'Lasagne',
      description: 'Baked',
      price: { amountMinor: 1190, currency: 'EUR' },
      available: true,
    };
    const path = '/restaurants/pasta-porta/menu/lasagne';
    const saved = await world.gateway.call('PUT', path, { token, body });
    expect(saved.json).toEqual({ menuItemId: 'lasagne', ...body });
    const menu = (await get('/restaurants/pasta-porta/menu')).json as { items: unknown[] };
    expect(menu.items).toContainEqual({ menuItemId: 'lasagne', ...body });
  });

  it.each(['customer', 'driver', 'otherRestaurant'] as const)('cannot be changed by %s', async (who) => {
    const token = world.tokens[who];
    const patch = await world.gateway.call('PATCH', '/restaurants/pasta-porta', {
      token,
      body: { open: false },
    });
    expect(failureOf(patch)).toEqual([403, 'AUTH_FORBIDDEN']);
    const body = { name: 'x', description: '', price: { amountMinor: 1, currency: 'EUR' }, available: true };
    const put = await world.gateway.call('PUT', '/restaurants/pasta-porta/menu/gnocchi', { token, body });
    expect(failureOf(put)).toEqual([403, 'AUTH_FORBIDDEN']);
  });
});

describe("a restaurant's orders", () => {
  it('are listed by status, oldest first, to the owner only', async () => {
    const first = await recordOrder(world.state, 'paid');
    const second = await recordOrder(world.state, 'paid');
    await recordOrder(world.state);
    const answer = await get('/restaurants/pasta-porta/orders?status=paid', world.tokens.restaurant);
    const { orders } = answer.json as { orders: { orderId: string }[] };
    expect(orders.map(({ orderId }) => orderId)).toEqual([first.orderId, second.orderId]);
    const other = await get('/restaurants/pasta-porta/orders?status=paid', world.tokens.otherRestaurant);
    expect(failureOf(other)).toEqual([403, 'AUTH_FORBIDDEN']);
  });

  it.each(['', '?status=eaten', '?status=paid&limit=0', '?status=paid&limit=many'])(
    'cannot be listed with %j',
    async (query) => {
      const answer = await get(`/restaurants/pasta-porta/orders${query}`, world.tokens.restaurant);
      expect(failureOf(answer)).toEqual([400, 'REQUEST_INVALID']);
    },
  );

  it('can be followed live: its own, and no others', async () => {
    const url = `${world.gateway.url}/restaurants/pasta-porta/events`;
    const clients = await Promise.all([1, 2].map(() => openEvents(url, world.tokens.restaurant)));
    const exchange = `exchanges/${broker.vhost}/smarteats.events`;
    // The binding is there once the listener is subscribed.
    await eventually(async () => {
      const bindings = await broker.json<{ routing_key: string }[]>(`${exchange}/bindings/source`);
      expect(bindings.map(({ routing_key }) => routing_key)).toEqual(['order.pasta-porta.*']);
    });
    for (const restaurantId of ['spice-route', 'pasta-porta']) {
      const change = {
        orderId: `of-${restaurantId}`,
        userId: 'customer-1',
        restaurantId,
        status: 'paid',
        sequence: 2,
        occurredAt: new Date().toISOString(),
      };
      await broker.json(`${exchange}/publish`, {
        method: 'POST',
        body: {
          properties: { content_type: 'application/json' },
          routing_key: `order.${restaurantId}.paid`,
          payload: JSON.stringify(change),
          payload_encoding: 'string',
        },
      });
    }
    for (const client of clients) {
      await client.received(1);
      expect(client.events.map(({ id, data }) => [id, data['orderId']])).toEqual([
        ['of-pasta-porta:2', 'of-pasta-porta'],
      ]);
      client.leave();
    }
    await eventually(async () => {
      expect(await broker.json(`${exchange}/bindings/source`)).toEqual([]);
    });
  });
});

describe('confirming an order', () => {
  const confirm = (orderId: string, token = world.tokens.restaurant) =>
    world.gateway.call('POST', `/restaurants/pasta-porta/orders/${orderId}/confirmation`, { token });

  it('is stored before it is answered, under one message id however often it is sent', async () => {
    const { orderId } = await recordOrder(world.state, 'paid');
    const answers = [await confirm(orderId), await confirm(orderId)];
    expect(answers.map(({ status, json }) => [status, json])).toEqual([
      [202, { orderId, status: 'paid' }],
      [202, { orderId, status: 'paid' }],
    ]);
    const messages = await takeAll(broker, 'order_confirmed');
    expect(messages.map(({ messageId }) => messageId)).toEqual([
      `order_confirmed:${orderId}`,
      `order_confirmed:${orderId}`,
    ]);
    expect(messages[0]?.payload).toEqual({
      orderId,
      restaurantId: 'pasta-porta',
      confirmedAt: expect.any(String),
    });
  });

  it('of an order that is further on already changes nothing', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    const answer = await confirm(orderId);
    expect([answer.status, answer.json]).toEqual([200, { orderId, status: 'driver_assigned' }]);
    expect(await takeAll(broker, 'order_confirmed')).toEqual([]);
  });

  it('is refused while the order is not paid, saying what it is', async () => {
    const { orderId } = await recordOrder(world.state);
    expect(errorOf(await confirm(orderId))).toMatchObject({
      code: 'ORDER_STATUS_CONFLICT',
      details: { status: 'created' },
    });
    await moveOrder(world.state, orderId, 'payment_declined');
    expect(failureOf(await confirm(orderId))).toEqual([409, 'ORDER_STATUS_CONFLICT']);
  });

  it('is refused for an order of another restaurant, and to anybody but the owner', async () => {
    const { orderId } = await recordOrder(world.state, 'paid');
    const path = `/restaurants/spice-route/orders/${orderId}/confirmation`;
    const elsewhere = await world.gateway.call('POST', path, { token: world.tokens.otherRestaurant });
    expect(failureOf(elsewhere)).toEqual([404, 'ORDER_UNKNOWN']);
    expect(failureOf(await confirm(orderId, world.tokens.otherRestaurant))).toEqual([403, 'AUTH_FORBIDDEN']);
    expect(failureOf(await confirm(orderId, world.tokens.customer))).toEqual([403, 'AUTH_FORBIDDEN']);
    expect(failureOf(await confirm('no-such-order'))).toEqual([404, 'ORDER_UNKNOWN']);
  });
});
