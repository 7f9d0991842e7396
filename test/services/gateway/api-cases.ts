import { UnsubscribeLinks } from '../../../workers/notifications/unsubscribe-link.ts';
import { ReportLinks, reportKey } from '../../../workers/storage/report-link.ts';
import type { Answer, RequestOptions } from '../http-client.ts';
import { goodOrder, recordOrder, reportLinkSecret, type World } from './world.ts';

/** One request to an operation and the status it leads to. */
export interface ApiCase {
  /** As the description names it, e.g. `GET /orders/{orderId}`. */
  readonly operation: string;
  readonly status: number;
  readonly request: () => Promise<Answer>;
}

const xml = { headers: { 'content-type': 'text/xml' }, text: '<x/>' };
const broken = { headers: { 'content-type': 'application/json' }, text: '{"half":' };
const tooLarge = { body: 'x'.repeat(70 * 1024) };

/** A request for each answer that each operation documents. The cases depend on their order. */
export async function apiCases(world: World): Promise<readonly ApiCase[]> {
  const { gateway, state, tokens } = world;
  const cases: ApiCase[] = [];
  const add = (operation: string, status: number, options: RequestOptions = {}, path?: string) => {
    const [method = '', documentedPath = ''] = operation.split(' ');
    const request = () => gateway.call(method, path ?? documentedPath, options);
    cases.push({ operation, status, request });
  };
  /** What every operation that can carry a body answers to one that cannot be used. */
  const addBadBodies = (operation: string, token?: string, path?: string) => {
    add(operation, 400, { token, ...broken }, path);
    add(operation, 413, { token, ...tooLarge }, path);
    add(operation, 415, { token, ...xml }, path);
  };

  const { customer, restaurant, otherRestaurant, driver } = tokens;
  const ghostOwner = { role: 'restaurant', restaurantId: 'ghost' } as const;
  const ghost = (await state.sessions.create('ghost', ghostOwner)).token;
  const leaving = (await state.sessions.create('customer-1', { role: 'customer' })).token;

  add('GET /', 200);
  add('GET /openapi.json', 200);

  const person = { name: 'Mina', email: 'mina@example.org', password: 'correct horse' };
  add('POST /auth/register', 201, { body: person });
  add('POST /auth/register', 409, { body: person });
  addBadBodies('POST /auth/register');
  add('POST /auth/login', 200, { body: { email: person.email, password: person.password } });
  add('POST /auth/login', 401, { body: { email: person.email, password: 'wrong' } });
  addBadBodies('POST /auth/login');
  add('GET /auth/me', 200, { token: customer });
  add('GET /auth/me', 401);
  addBadBodies('POST /auth/logout', customer);
  add('POST /auth/logout', 204, { token: leaving });
  add('POST /auth/logout', 401, { token: leaving });

  add('GET /restaurants', 200);
  for (const operation of ['GET /restaurants/{restaurantId}', 'GET /restaurants/{restaurantId}/menu']) {
    const rest = operation.endsWith('/menu') ? '/menu' : '';
    add(operation, 200, {}, `/restaurants/green-bowl${rest}`);
    add(operation, 400, {}, `/restaurants/a:b${rest}`);
    add(operation, 404, {}, `/restaurants/nowhere${rest}`);
  }

  const dish = {
    name: 'Soup',
    description: '',
    price: { amountMinor: 450, currency: 'EUR' },
    available: false,
  };
  for (const [operation, rest, body] of [
    ['PATCH /restaurants/{restaurantId}', '', { open: true }],
    ['PUT /restaurants/{restaurantId}/menu/{menuItemId}', '/menu/soup', dish],
  ] as const) {
    add(operation, 200, { token: restaurant, body }, `/restaurants/pasta-porta${rest}`);
    add(operation, 401, { body }, `/restaurants/pasta-porta${rest}`);
    add(operation, 403, { token: otherRestaurant, body }, `/restaurants/pasta-porta${rest}`);
    add(operation, 404, { token: ghost, body }, `/restaurants/ghost${rest}`);
    addBadBodies(operation, restaurant, `/restaurants/pasta-porta${rest}`);
  }

  const leave = new UnsubscribeLinks(reportLinkSecret, '').linkFor('customer-9');
  for (const operation of ['GET /unsubscribe', 'POST /unsubscribe']) {
    add(operation, 200, {}, leave);
    add(operation, 400);
    add(operation, 403, {}, '/unsubscribe?user=customer-9&signature=x');
  }
  addBadBodies('POST /unsubscribe', undefined, leave);

  const { restaurantId, items } = goodOrder;
  const content = { restaurantId, items };
  add('GET /cart', 404, { token: customer });
  add('PUT /cart', 200, { token: customer, body: content });
  add('PUT /cart', 401, { body: content });
  add('PUT /cart', 403, { token: driver, body: content });
  add('PUT /cart', 404, { token: customer, body: { ...content, restaurantId: 'nowhere' } });
  add('PUT /cart', 409, {
    token: customer,
    body: { ...content, items: [{ menuItemId: 'soup', quantity: 1 }] },
  });
  addBadBodies('PUT /cart', customer);
  add('GET /cart', 200, { token: customer });
  add('GET /cart', 401);
  add('GET /cart', 403, { token: driver });
  add('DELETE /cart', 401);
  add('DELETE /cart', 403, { token: driver });
  addBadBodies('DELETE /cart', customer);
  add('DELETE /cart', 204, { token: customer });

  add('POST /orders', 202, { token: customer, body: goodOrder });
  add('POST /orders', 401, { body: goodOrder });
  add('POST /orders', 403, { token: driver, body: goodOrder });
  add('POST /orders', 404, { token: customer, body: { ...goodOrder, restaurantId: 'nowhere' } });
  add('POST /orders', 409, {
    token: customer,
    body: { ...goodOrder, items: [{ menuItemId: 'soup', quantity: 1 }] },
  });
  addBadBodies('POST /orders', customer);
  add('GET /orders', 200, { token: customer });
  add('GET /orders', 400, { token: customer }, '/orders?limit=0');
  add('GET /orders', 401);
  add('GET /orders', 403, { token: driver });

  const over = await recordOrder(state, 'payment_declined');
  for (const operation of ['GET /orders/{orderId}', 'GET /orders/{orderId}/events']) {
    const rest = operation.endsWith('/events') ? '/events' : '';
    add(operation, 200, { token: customer }, `/orders/${over.orderId}${rest}`);
    add(operation, 400, { token: customer }, `/orders/a:b${rest}`);
    add(operation, 401, {}, `/orders/${over.orderId}${rest}`);
    add(operation, 404, { token: customer }, `/orders/nothing${rest}`);
  }
  const seen = { token: customer, headers: { 'last-event-id': '2' } };
  add('GET /orders/{orderId}/events', 204, seen, `/orders/${over.orderId}/events`);

  const ofRestaurant = 'GET /restaurants/{restaurantId}/orders';
  add(ofRestaurant, 200, { token: restaurant }, '/restaurants/pasta-porta/orders?status=payment_declined');
  add(ofRestaurant, 400, { token: restaurant }, '/restaurants/pasta-porta/orders?status=eaten');
  add(ofRestaurant, 401, {}, '/restaurants/pasta-porta/orders?status=paid');
  add(ofRestaurant, 403, { token: customer }, '/restaurants/pasta-porta/orders?status=paid');

  const events = 'GET /restaurants/{restaurantId}/events';
  cases.push({ operation: events, status: 200, request: () => beginningOf(gateway.url, restaurant) });
  add(
    events,
    400,
    { token: (await state.sessions.create('odd', { role: 'restaurant', restaurantId: 'a:b' })).token },
    '/restaurants/a:b/events',
  );
  add(events, 401, {}, '/restaurants/pasta-porta/events');
  add(events, 403, { token: otherRestaurant }, '/restaurants/pasta-porta/events');

  const confirmation = 'POST /restaurants/{restaurantId}/orders/{orderId}/confirmation';
  const confirmationOf = (orderId: string) => `/restaurants/pasta-porta/orders/${orderId}/confirmation`;
  const paid = await recordOrder(state, 'paid');
  const confirmed = await recordOrder(state, 'paid', 'confirmed');
  add(confirmation, 202, { token: restaurant }, confirmationOf(paid.orderId));
  add(confirmation, 200, { token: restaurant }, confirmationOf(confirmed.orderId));
  add(confirmation, 401, {}, confirmationOf(paid.orderId));
  add(confirmation, 403, { token: otherRestaurant }, confirmationOf(paid.orderId));
  add(confirmation, 404, { token: restaurant }, confirmationOf('nothing'));
  add(confirmation, 409, { token: restaurant }, confirmationOf(over.orderId));
  addBadBodies(confirmation, restaurant, confirmationOf(paid.orderId));

  const reports = 'GET /restaurants/{restaurantId}/reports/{reportId}';
  const name = { restaurantId: 'pasta-porta', reportId: 'sales' };
  await world.reports.put(reportKey(name), Buffer.from('%PDF-'), 'application/pdf');
  const links = new ReportLinks(reportLinkSecret);
  const { url } = links.linkTo(name, new Date());
  add(reports, 200, {}, url);
  add(reports, 400, {}, '/restaurants/pasta-porta/reports/sales?expires=soon');
  add(reports, 403, {}, '/restaurants/pasta-porta/reports/sales?expires=1&signature=x');
  add(reports, 404, {}, links.linkTo({ ...name, reportId: 'nothing' }, new Date()).url);
  const newLink = 'POST /restaurants/{restaurantId}/reports/{reportId}/link';
  add(newLink, 200, { token: restaurant }, '/restaurants/pasta-porta/reports/sales/link');
  add(newLink, 401, {}, '/restaurants/pasta-porta/reports/sales/link');
  add(newLink, 403, { token: otherRestaurant }, '/restaurants/pasta-porta/reports/sales/link');
  add(newLink, 404, { token: restaurant }, '/restaurants/pasta-porta/reports/nothing/link');
  addBadBodies(newLink, restaurant, '/restaurants/pasta-porta/reports/sales/link');

  const report = { latitude: 52.53, longitude: 13.4, onDuty: true };
  add('PUT /drivers/me', 200, { token: driver, body: report });
  add('PUT /drivers/me', 401, { body: report });
  add('PUT /drivers/me', 403, { token: customer, body: report });
  addBadBodies('PUT /drivers/me', driver);
  add('GET /drivers/me', 200, { token: driver });
  add('GET /drivers/me', 401);
  add('GET /drivers/me', 403, { token: customer });

  const delivery = 'POST /deliveries/{orderId}/events';
  const assigned = await recordOrder(state, 'paid', 'confirmed', 'driver_assigned');
  const pickedUp = await recordOrder(state, 'paid', 'confirmed', 'driver_assigned', 'picked_up');
  const eventsOf = (orderId: string) => `/deliveries/${orderId}/events`;
  const body = { event: 'picked_up' };
  add(delivery, 202, { token: driver, body }, eventsOf(assigned.orderId));
  add(delivery, 200, { token: driver, body }, eventsOf(pickedUp.orderId));
  add(delivery, 401, { body }, eventsOf(assigned.orderId));
  add(delivery, 403, { token: customer, body }, eventsOf(assigned.orderId));
  add(delivery, 404, { token: driver, body }, eventsOf('nothing'));
  add(delivery, 409, { token: driver, body: { event: 'delivered' } }, eventsOf(assigned.orderId));
  addBadBodies(delivery, driver, eventsOf(assigned.orderId));

  return cases;
}

/** The head of an event stream that has no end. */
async function beginningOf(url: string, token: string): Promise<Answer> {
  const leaving = new AbortController();
  const response = await fetch(`${url}/restaurants/pasta-porta/events`, {
    headers: { authorization: `Bearer ${token}` },
    signal: leaving.signal,
  });
  const { status, headers } = response;
  leaving.abort();
  return { status, headers, text: '', json: undefined };
}
