import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ApiClient } from '../../../cli/players/api-client.ts';
import { followOrder, placeOrder, readOffers } from '../../../cli/players/customer.ts';
import { playDriver } from '../../../cli/players/driver.ts';
import { playRestaurant } from '../../../cli/players/restaurant.ts';
import { eventually } from '../../harness/eventually.ts';
import { events, json, type StubApi, startStubApi } from './stub-api.ts';

let stop: AbortController;
let api: StubApi;
beforeEach(() => {
  stop = new AbortController();
});
afterEach(() => {
  stop.abort();
  api.close();
});
const client = () => new ApiClient(api.url, { signal: stop.signal });
const posted = (path: string) => api.seen.filter((seen) => seen.method === 'POST' && seen.path === path);

describe('a customer', () => {
  it('sees what open restaurants offer now', async () => {
    const price = { amountMinor: 500, currency: 'EUR' };
    api = await startStubApi(({ path }, response) => {
      if (path === '/restaurants') {
        const restaurants = [
          { restaurantId: 'open', open: true },
          { restaurantId: 'closed', open: false },
        ];
        json(response, 200, { restaurants });
      } else {
        const items = [
          { menuItemId: 'soup', price, available: true },
          { menuItemId: 'cake', price, available: false },
        ];
        json(response, 200, { items });
      }
    });
    expect(await readOffers(client())).toEqual([{ restaurantId: 'open', menuItemIds: ['soup'] }]);
  });

  it('places an order once: every repetition carries the same key and the same body', async () => {
    api = await startStubApi((_, response) => {
      if (api.seen.length < 3) json(response, 503, {});
      else json(response, 202, { orderId: 'o1', status: 'accepted' });
    });
    const offer = { restaurantId: 'r1', menuItemIds: ['soup', 'cake'] };
    expect(await placeOrder(client(), { offer, paymentMethod: 'pm_card_visa' })).toBe('o1');
    const keys = new Set(api.seen.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
    expect(new Set(api.seen.map(({ body }) => JSON.stringify(body))).size).toBe(1);
    expect(api.seen[0]?.body).toMatchObject({ restaurantId: 'r1', paymentMethod: 'pm_card_visa' });
  });

  it('follows an order to its end and no further', async () => {
    api = await startStubApi((_, response) => {
      events(response, [
        { data: '{"status":"paid"}' },
        { data: '{"status":"delivered"}' },
        { data: '{"status":"paid"}' },
      ]);
    });
    const statuses: string[] = [];
    const last = await followOrder(client(), 'o1', stop.signal, (status) => statuses.push(status));
    expect(last).toBe('delivered');
    expect(statuses).toEqual(['paid', 'delivered']);
  });

  it('takes a declined payment for the end as well', async () => {
    api = await startStubApi((_, response) => {
      events(response, [{ data: '{"status":"payment_declined"}' }]);
    });
    expect(await followOrder(client(), 'o1', stop.signal, () => {})).toBe('payment_declined');
  });
});

describe('a restaurant', () => {
  it('confirms a paid order once, whether it hears of it or finds it', async () => {
    api = await startStubApi(({ path }, response) => {
      if (path.endsWith('/events')) {
        events(response, [
          { data: '{"orderId":"heard","status":"created"}' },
          { data: '{"orderId":"heard","status":"paid"}' },
        ]);
      } else if (path.endsWith('status=paid'))
        json(response, 200, { orders: [{ orderId: 'heard' }, { orderId: 'missed' }] });
      else json(response, 202, {});
    });
    const playing = playRestaurant(client(), 'r1', stop.signal);
    await eventually(() => {
      expect(posted('/restaurants/r1/orders/heard/confirmation')).toHaveLength(1);
      expect(posted('/restaurants/r1/orders/missed/confirmation')).toHaveLength(1);
    });
    stop.abort();
    await expect(playing).rejects.toMatchObject({ name: 'AbortError' });
    expect(posted('/restaurants/r1/orders/heard/confirmation')).toHaveLength(1);
  });
});

describe('a driver', () => {
  it('goes on duty, and says each step only once the platform has seen the one before', async () => {
    let status = 'confirmed';
    const order = { orderId: 'o1' };
    let assigned: object = order;
    api = await startStubApi(({ method, path, body }, response) => {
      if (path === '/drivers/me') json(response, 200, method === 'PUT' ? {} : assigned);
      else if (method === 'GET') {
        json(response, 200, { status });
        if (status === 'confirmed') status = 'driver_assigned';
      } else {
        ({ event: status } = body as { event: string });
        if (status === 'delivered') assigned = {};
        json(response, 202, {});
      }
    });
    const playing = playDriver(client(), { latitude: 52.5, longitude: 13.4 }, stop.signal);
    await eventually(() => expect(posted('/deliveries/o1/events')).toHaveLength(2));
    stop.abort();
    await expect(playing).rejects.toMatchObject({ name: 'AbortError' });
    expect(api.seen[0]).toMatchObject({
      method: 'PUT',
      body: { latitude: 52.5, longitude: 13.4, onDuty: true },
    });
    expect(posted('/deliveries/o1/events').map(({ body }) => body)).toEqual([
      { event: 'picked_up' },
      { event: 'delivered' },
    ]);
    const steps = api.seen.filter(({ path }) => path !== '/drivers/me').map(({ method }) => method);
    expect(steps.slice(0, 3)).toEqual(['GET', 'GET', 'POST']);
  });

  it('goes on to the next order although the platform still names the delivered one for a while', async () => {
    let status = 'driver_assigned';
    api = await startStubApi(({ method, path }, response) => {
      if (path === '/drivers/me') {
        const done = api.seen.some((seen) => seen.path === '/orders/old');
        json(response, 200, method === 'PUT' ? {} : { orderId: done ? 'new' : 'old' });
      } else if (path === '/orders/old') json(response, 200, { status: 'delivered' });
      else if (method === 'GET') json(response, 200, { status });
      else {
        status = 'delivered';
        json(response, 202, {});
      }
    });
    const playing = playDriver(client(), { latitude: 52.5, longitude: 13.4 }, stop.signal);
    await eventually(() => expect(posted('/deliveries/new/events')).toHaveLength(1));
    stop.abort();
    await expect(playing).rejects.toMatchObject({ name: 'AbortError' });
    expect(posted('/deliveries/old/events')).toEqual([]);
  });
});
