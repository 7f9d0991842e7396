import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { errorOf, failureOf, type RequestOptions } from '../http-client.ts';
import { takeAll } from './queued-messages.ts';
import { goodOrder, recordOrder, startWorld, type World } from './world.ts';

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

const json = { 'content-type': 'application/json' };
/** JSON text of a good order with one part of its text replaced. */
const altered = (from: string, to: string) => JSON.stringify(goodOrder).replace(from, to);
const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`;

describe('a bad order is answered with a code, tells nothing of the inside, and publishes nothing', () => {
  it.each<[string, RequestOptions, number, string]>([
    ['no body', {}, 400, 'REQUEST_INVALID'],
    ['an empty body', { headers: json, text: '' }, 400, 'REQUEST_INVALID'],
    ['half a body', { headers: json, text: '{"restaurantId":"pasta' }, 400, 'REQUEST_INVALID'],
    ['null', { body: null }, 400, 'REQUEST_INVALID'],
    ['a list', { body: [goodOrder] }, 400, 'REQUEST_INVALID'],
    ['a number', { body: 7 }, 400, 'REQUEST_INVALID'],
    ['an empty object', { body: {} }, 400, 'REQUEST_INVALID'],
    [
      'the wrong content type',
      { headers: { 'content-type': 'text/xml' }, text: '<order/>' },
      415,
      'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      'a form',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' }, text: 'a=b' },
      415,
      'REQUEST_MEDIA_TYPE_UNSUPPORTED',
    ],
    [
      '65 KiB of it',
      { body: { ...goodOrder, deliverTo: { address: 'x'.repeat(65 * 1024) } } },
      413,
      'REQUEST_BODY_TOO_LARGE',
    ],
    ['depth', { headers: json, text: nested(10_000) }, 400, 'REQUEST_INVALID'],
    [
      '__proto__',
      { headers: json, text: altered('{', '{"__proto__":{"admin":true},') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'constructor.prototype',
      { headers: json, text: altered('{', '{"constructor":{"prototype":{}},') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a field twice, the second time wrong',
      {
        headers: json,
        text: altered('{', '{"paymentMethod":"a","items":7,').replace(/,"items":\[.*?\]/, ''),
      },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a quantity of 1e400',
      { headers: json, text: altered('"quantity":2', '"quantity":1e400') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a quantity of 1.5',
      { headers: json, text: altered('"quantity":2', '"quantity":1.5') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a quantity of 0',
      { headers: json, text: altered('"quantity":2', '"quantity":0') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a quantity of -0.0',
      { headers: json, text: altered('"quantity":2', '"quantity":-0.0') },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a quantity beyond integers',
      { headers: json, text: altered('"quantity":2', '"quantity":9007199254740993') },
      400,
      'REQUEST_INVALID',
    ],
    ['NaN', { headers: json, text: altered('"quantity":2', '"quantity":NaN') }, 400, 'REQUEST_INVALID'],
    [
      'a place beyond the poles',
      { body: { ...goodOrder, deliverTo: { ...goodOrder.deliverTo, latitude: 90 } } },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a blank address',
      { body: { ...goodOrder, deliverTo: { ...goodOrder.deliverTo, address: '' } } },
      400,
      'REQUEST_INVALID',
    ],
    ['a pattern for an id', { body: { ...goodOrder, restaurantId: '*' } }, 400, 'REQUEST_INVALID'],
    [
      'a line break in an id',
      { body: { ...goodOrder, restaurantId: 'pasta-porta\n' } },
      400,
      'REQUEST_INVALID',
    ],
    ['a NUL in an id', { body: { ...goodOrder, restaurantId: 'pasta\u0000porta' } }, 400, 'REQUEST_INVALID'],
    [
      'an id of a million letters',
      { headers: json, text: altered('pasta-porta', 'x'.repeat(60_000)) },
      400,
      'REQUEST_INVALID',
    ],
    [
      'a price',
      { body: { ...goodOrder, total: { amountMinor: 1, currency: 'EUR' } } },
      400,
      'REQUEST_INVALID',
    ],
    ['a user id', { body: { ...goodOrder, userId: 'customer-2' } }, 400, 'REQUEST_INVALID'],
    [
      'a card number',
      { body: { ...goodOrder, paymentMethod: '4242 4242 4242 4242' } },
      400,
      'REQUEST_INVALID',
    ],
  ])('%s', async (_what, request, status, code) => {
    const answer = await world.gateway.call('POST', '/orders', { token: world.tokens.customer, ...request });
    expect(failureOf(answer)).toEqual([status, code]);
    expect(answer.headers.get('x-request-id')).toBe(errorOf(answer).requestId);
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d|\bat \w+[. ]/);
    expect(await takeAll(broker, 'order_created')).toEqual([]);
  });

  it('names the field that is wrong', async () => {
    const body = { ...goodOrder, items: [{ menuItemId: 'gnocchi', quantity: 0 }] };
    const answer = await world.gateway.call('POST', '/orders', { token: world.tokens.customer, body });
    expect(errorOf(answer).details['fields']).toEqual([
      { field: 'body/items/0/quantity', problem: expect.any(String) },
    ]);
  });

  it('keeps text of every script as it was written', async () => {
    const address = 'улица 東京 🍜 \u202eabc';
    const body = { ...goodOrder, deliverTo: { ...goodOrder.deliverTo, address } };
    const answer = await world.gateway.call('POST', '/orders', { token: world.tokens.customer, body });
    expect(answer.status).toBe(202);
    const [message] = await takeAll(broker, 'order_created');
    expect(message?.payload).toMatchObject({ deliverTo: { address } });
  });
});

describe('a session that is none', () => {
  it.each<[string, Record<string, string>]>([
    ['is missing', {}],
    ['is of another scheme', { authorization: 'Basic Y3VzdG9tZXItMTp4' }],
    ['has no token', { authorization: 'Bearer' }],
    ['has a token of rubbish', { authorization: `Bearer ${'x'.repeat(4_000)}` }],
    ['has a token with a key in it', { authorization: 'Bearer session:customer-1' }],
  ])('%s: 401 before anything else is looked at', async (_what, headers) => {
    for (const [method, path] of [
      ['POST', '/orders'],
      ['GET', '/orders/any'],
      ['GET', '/orders/any/events'],
      ['GET', '/drivers/me'],
      ['GET', '/restaurants/pasta-porta/events'],
    ] as const) {
      const answer = await world.gateway.call(method, path, { headers });
      expect(failureOf(answer)).toEqual([401, 'AUTH_SESSION_INVALID']);
      expect(answer.headers.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('has expired or was logged out: the same', async () => {
    const { token } = await world.state.sessions.create('customer-1', { role: 'customer' });
    expect((await world.gateway.call('GET', '/orders', { token })).status).toBe(200);
    await world.state.sessions.revoke(token);
    expect(failureOf(await world.gateway.call('GET', '/orders', { token }))).toEqual([
      401,
      'AUTH_SESSION_INVALID',
    ]);
  });

  it('does not keep anybody from what is public', async () => {
    const answer = await world.gateway.call('GET', '/restaurants', { token: 'rubbish' });
    expect(answer.status).toBe(200);
  });

  it('may be of an account that is gone', async () => {
    const { token } = await world.state.sessions.create('nobody', { role: 'customer' });
    const order = await world.gateway.call('POST', '/orders', { token, body: goodOrder });
    expect(failureOf(order)).toEqual([401, 'AUTH_SESSION_INVALID']);
    const driver = await world.state.sessions.create('nobody', { role: 'driver' });
    const me = await world.gateway.call('GET', '/drivers/me', { token: driver.token });
    expect(failureOf(me)).toEqual([401, 'AUTH_SESSION_INVALID']);
  });
});

describe('a strange path', () => {
  it.each([
    ['GET', '/orderz', 404, 'ROUTE_NOT_FOUND'],
    ['DELETE', '/orders', 404, 'ROUTE_NOT_FOUND'],
    ['GET', '/orders/a:b', 400, 'REQUEST_INVALID'],
    ['GET', '/orders/*', 400, 'REQUEST_INVALID'],
    ['GET', `/orders/${'x'.repeat(65)}`, 400, 'REQUEST_INVALID'],
    ['GET', '/orders/%00', 400, 'REQUEST_INVALID'],
    ['GET', '/orders/%', 400, 'REQUEST_INVALID'],
    ['GET', '/orders/%2e%2e%2fetc', 400, 'REQUEST_INVALID'],
    ['GET', '/restaurants/..%5c..', 400, 'REQUEST_INVALID'],
    ['GET', '/orders?limit=101', 400, 'REQUEST_INVALID'],
    ['GET', '/orders?limit=1&limit=2', 400, 'REQUEST_INVALID'],
    ['GET', '/docs/static/..%2f..%2fpackage.json', 404, 'ROUTE_NOT_FOUND'],
  ])('%s %s', async (method, path, status, code) => {
    const answer = await world.gateway.call(method, path, { token: world.tokens.customer });
    expect(failureOf(answer)).toEqual([status, code]);
    expect(answer.text).not.toMatch(/node_modules|\.ts:\d/);
  });
});

describe('a fault of our own', () => {
  it('is answered without its cause, which is in the log under the same request id', async () => {
    const { orderId } = await recordOrder(world.state);
    await world.corrupt(`order:${orderId}`);
    const answer = await world.gateway.call('GET', `/orders/${orderId}`, { token: world.tokens.customer });
    expect(failureOf(answer)).toEqual([500, 'INTERNAL_ERROR']);
    expect(errorOf(answer).details).toEqual({});
    const line = world.gateway.logged.find(({ requestId }) => requestId === errorOf(answer).requestId);
    expect(JSON.stringify(line)).toContain('RECORD_CORRUPT');
    expect(answer.text).not.toContain(orderId);
  });
});
