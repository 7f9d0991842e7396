import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { orderIdOf } from '../../../workers/services/gateway/order-request.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { errorOf, failureOf } from '../http-client.ts';
import { takeAll, takeExactly } from './queued-messages.ts';
import { goodOrder, placedOrder, startWorld, type World } from './world.ts';

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

const place = (body: unknown, key?: string, token = world.tokens.customer) =>
  world.gateway.call('POST', '/orders', {
    token,
    body,
    headers: key === undefined ? {} : { 'idempotency-key': key },
  });
const idOf = ({ json }: { json: unknown }) => (json as { readonly orderId: string }).orderId;

describe('placing an order', () => {
  it('stores a persistent message before it is accepted, with prices of the menu', async () => {
    const answer = await place({ ...goodOrder, phone: '+4915112345678' });
    expect(answer.status).toBe(202);
    const orderId = idOf(answer);
    expect(answer.json).toEqual({ orderId, status: 'accepted' });
    expect(answer.headers.get('location')).toBe(`/orders/${orderId}`);
    // No waiting here: the broker had it before the answer came.
    const [message, ...others] = await takeAll(broker, 'order_created');
    expect(others).toEqual([]);
    expect(message).toMatchObject({ messageId: `order_created:${orderId}`, persistent: true });
    expect(message?.payload).toEqual({
      orderId,
      userId: 'customer-1',
      restaurantId: 'pasta-porta',
      items: [
        {
          menuItemId: 'gnocchi',
          name: 'Gnocchi alla sorrentina',
          quantity: 2,
          unitPrice: { amountMinor: 1150, currency: 'EUR' },
        },
        {
          menuItemId: 'tiramisu',
          name: 'Tiramisù',
          quantity: 1,
          unitPrice: { amountMinor: 590, currency: 'EUR' },
        },
      ],
      total: { amountMinor: 2890, currency: 'EUR' },
      deliverTo: goodOrder.deliverTo,
      paymentMethod: 'pm_card_visa',
      contact: { email: 'customer-1@smarteats.example', phone: '+4915112345678' },
      placedAt: expect.any(String),
    });
  });

  it('shows the order as accepted to its customer, and to nobody else, before it is recorded', async () => {
    const orderId = idOf(await place(goodOrder));
    const own = await world.gateway.call('GET', `/orders/${orderId}`, { token: world.tokens.customer });
    expect(own.json).toMatchObject({
      orderId,
      status: 'accepted',
      sequence: 0,
      total: { amountMinor: 2890 },
    });
    expect(own.text).not.toContain('pm_card');
    for (const token of [world.tokens.otherCustomer, world.tokens.restaurant, world.tokens.driver]) {
      const other = await world.gateway.call('GET', `/orders/${orderId}`, { token });
      expect(failureOf(other)).toEqual([404, 'ORDER_UNKNOWN']);
    }
  });

  it('is a new order each time without a key', async () => {
    expect(idOf(await place(goodOrder))).not.toBe(idOf(await place(goodOrder)));
  });

  it.each([
    ['an unknown restaurant', { restaurantId: 'nowhere' }, 404, 'RESTAURANT_UNKNOWN'],
    ['an unknown dish', { items: [{ menuItemId: 'lasagne', quantity: 1 }] }, 404, 'MENU_ITEM_UNKNOWN'],
    [
      'a dish of another restaurant',
      { items: [{ menuItemId: 'dal', quantity: 1 }] },
      404,
      'MENU_ITEM_UNKNOWN',
    ],
    ['too much', { items: Array.from({ length: 51 }, () => goodOrder.items[0]) }, 400, 'REQUEST_INVALID'],
  ])('is refused for %s, and nothing is published', async (_what, changes, status, code) => {
    await takeAll(broker, 'order_created');
    expect(failureOf(await place({ ...goodOrder, ...changes }))).toEqual([status, code]);
    expect(await takeAll(broker, 'order_created')).toEqual([]);
  });

  it('is refused while the restaurant is closed or the dish is not on offer, saying which', async () => {
    const { gateway, tokens } = world;
    const owner = { token: tokens.restaurant };
    await gateway.call('PATCH', '/restaurants/pasta-porta', { ...owner, body: { open: false } });
    expect(failureOf(await place(goodOrder))).toEqual([409, 'RESTAURANT_CLOSED']);
    await gateway.call('PATCH', '/restaurants/pasta-porta', { ...owner, body: { open: true } });

    const dish = {
      name: 'Pizza',
      description: '',
      price: { amountMinor: 990, currency: 'EUR' },
      available: false,
    };
    await gateway.call('PUT', '/restaurants/pasta-porta/menu/margherita', { ...owner, body: dish });
    const refused = await place({ ...goodOrder, items: [{ menuItemId: 'margherita', quantity: 1 }] });
    expect(failureOf(refused)).toEqual([409, 'MENU_ITEM_UNAVAILABLE']);
    expect(errorOf(refused).details).toEqual({ menuItemIds: ['margherita'] });
  });

  it.each(['restaurant', 'driver'] as const)('is for customers: a %s is refused', async (role) => {
    expect(failureOf(await place(goodOrder, undefined, world.tokens[role]))).toEqual([403, 'AUTH_FORBIDDEN']);
  });
});

describe('placing an order with an Idempotency-Key', () => {
  it('gives the same order however often it is repeated, also at the same time', async () => {
    await takeAll(broker, 'order_created');
    const answers = await Promise.all(Array.from({ length: 8 }, () => place(goodOrder, 'party')));
    answers.push(await place(goodOrder, 'party'));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
    const ids = new Set(answers.map(idOf));
    expect(ids.size).toBe(1);
    // Each repetition is the same message again; whoever consumes it takes each id once.
    const messages = await takeExactly(broker, 'order_created', 9);
    expect(new Set(messages.map(({ messageId }) => messageId))).toEqual(
      new Set([`order_created:${[...ids][0]}`]),
    );
    expect(new Set(messages.map(({ payload }) => JSON.stringify(payload))).size).toBe(1);
  });

  it('keeps the price of the first request, whatever the menu says at the repetition', async () => {
    const orderOfOne = { ...goodOrder, items: [{ menuItemId: 'tagliatelle', quantity: 1 }] };
    const first = await place(orderOfOne, 'price');
    const body = {
      name: 'T',
      description: '',
      price: { amountMinor: 9999, currency: 'EUR' },
      available: false,
    };
    await world.gateway.call('PUT', '/restaurants/pasta-porta/menu/tagliatelle', {
      token: world.tokens.restaurant,
      body,
    });
    await takeAll(broker, 'order_created');
    const again = await place(orderOfOne, 'price');
    expect([again.status, idOf(again)]).toEqual([202, idOf(first)]);
    const [message] = await takeAll(broker, 'order_created');
    expect(message?.payload).toMatchObject({ total: { amountMinor: 1290 } });
  });

  it('refuses another order under the same key', async () => {
    await place(goodOrder, 'once');
    const other = { ...goodOrder, items: [{ menuItemId: 'gnocchi', quantity: 3 }] };
    expect(failureOf(await place(other, 'once'))).toEqual([409, 'ORDER_KEY_REUSED']);
  });

  it('keeps the keys of two customers apart', async () => {
    const mine = await place(goodOrder, 'shared');
    const theirs = await place(
      { ...goodOrder, restaurantId: 'pasta-porta' },
      'shared',
      world.tokens.otherCustomer,
    );
    expect(theirs.status).toBe(202);
    expect(idOf(theirs)).not.toBe(idOf(mine));
  });

  it('refuses a key of an order whose request is no longer remembered', async () => {
    await world.state.stores.orders.record(placedOrder(orderIdOf('customer-1', 'old')));
    expect(failureOf(await place(goodOrder, 'old'))).toEqual([409, 'ORDER_KEY_REUSED']);
  });

  it.each([
    ['an empty one', ''],
    ['one with spaces', 'a b'],
    ['an endless one', 'k'.repeat(256)],
  ])('refuses %s', async (_what, key) => {
    expect(failureOf(await place(goodOrder, key))).toEqual([400, 'REQUEST_INVALID']);
  });
});
