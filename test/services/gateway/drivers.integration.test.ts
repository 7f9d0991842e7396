import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { errorOf, failureOf } from '../http-client.ts';
import { takeAll } from './queued-messages.ts';
import { recordOrder, startWorld, type World } from './world.ts';

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

const here = { latitude: 52.53, longitude: 13.4 };
const say = (orderId: string, event: unknown, token = world.tokens.driver) =>
  world.gateway.call('POST', `/deliveries/${orderId}/events`, { token, body: { event } });

describe('a driver', () => {
  it('comes into being with the first request, off duty, under the name of the account', async () => {
    const answer = await world.gateway.call('GET', '/drivers/me', { token: world.tokens.driver });
    expect(answer.json).toEqual({ driverId: 'driver-1', name: 'Demo driver 1', state: 'off' });
  });

  it('goes on duty, is assigned an order, and sees which', async () => {
    const token = world.tokens.driver;
    const report = (onDuty: boolean) =>
      world.gateway.call('PUT', '/drivers/me', { token, body: { ...here, onDuty } });
    expect((await report(true)).json).toMatchObject({ driverId: 'driver-1', state: 'free', location: here });
    await world.state.stores.drivers.claimNearest('some-order', here, 5);
    expect((await report(true)).json).toMatchObject({ state: 'busy', orderId: 'some-order' });
    const me = await world.gateway.call('GET', '/drivers/me', { token });
    expect(me.json).toMatchObject({ state: 'busy', orderId: 'some-order' });
    await world.state.stores.drivers.release('some-order');
    expect((await report(false)).json).toMatchObject({ state: 'off' });
  });

  it.each<[string, unknown]>([
    ['no place', { onDuty: true }],
    ['a place off the map', { ...here, latitude: 90, onDuty: true }],
    ['a duty that is text', { ...here, onDuty: 'yes' }],
    ['a state of its own making', { ...here, onDuty: true, state: 'busy' }],
  ])('cannot report %s', async (_what, body) => {
    const answer = await world.gateway.call('PUT', '/drivers/me', { token: world.tokens.driver, body });
    expect(failureOf(answer)).toEqual([400, 'REQUEST_INVALID']);
  });

  it('cannot be played by a customer', async () => {
    const { customer: token } = world.tokens;
    expect(failureOf(await world.gateway.call('GET', '/drivers/me', { token }))).toEqual([
      403,
      'AUTH_FORBIDDEN',
    ]);
  });
});

describe('an event of a delivery', () => {
  it('is stored before it is answered', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    const answer = await say(orderId, 'picked_up');
    expect([answer.status, answer.json]).toEqual([202, { orderId, status: 'driver_assigned' }]);
    const [message] = await takeAll(broker, 'delivery_event');
    expect(message).toEqual({
      messageId: `delivery_event:${orderId}:picked_up`,
      persistent: true,
      payload: { orderId, driverId: 'driver-1', event: 'picked_up', occurredAt: expect.any(String) },
    });
  });

  it('that was said before changes nothing', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned', 'picked_up');
    const answer = await say(orderId, 'picked_up');
    expect([answer.status, answer.json]).toEqual([200, { orderId, status: 'picked_up' }]);
    expect(await takeAll(broker, 'delivery_event')).toEqual([]);
  });

  it('is refused before its time', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    const early = await say(orderId, 'delivered');
    expect(failureOf(early)).toEqual([409, 'ORDER_STATUS_CONFLICT']);
    expect(errorOf(early).details).toEqual({ status: 'driver_assigned' });
  });

  it('is refused to everybody but the driver of the order', async () => {
    const { orderId } = await recordOrder(world.state, 'paid', 'confirmed', 'driver_assigned');
    expect(failureOf(await say(orderId, 'picked_up', world.tokens.otherDriver))).toEqual([
      404,
      'ORDER_UNKNOWN',
    ]);
    expect(failureOf(await say(orderId, 'picked_up', world.tokens.customer))).toEqual([
      403,
      'AUTH_FORBIDDEN',
    ]);
    expect(failureOf(await say('no-such-order', 'picked_up'))).toEqual([404, 'ORDER_UNKNOWN']);
  });

  it.each(['eaten', '', null, 1, ['picked_up']])('cannot be %j', async (event) => {
    expect(failureOf(await say('any', event))).toEqual([400, 'REQUEST_INVALID']);
  });
});
