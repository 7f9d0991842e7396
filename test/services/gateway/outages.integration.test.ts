import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';
import { RabbitmqServer } from '../../../local/servers/rabbitmq.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { apiGateway } from '../../../workers/services/gateway/service.ts';
import { seedDemo } from '../../../workers/services/seed/seed-demo.ts';
import { openState, type State } from '../../../workers/state/state.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { type Answer, failureOf } from '../http-client.ts';
import { runTestService, type TestService } from '../run-service.ts';
import { openEvents } from './sse-client.ts';
import { goodOrder } from './world.ts';

const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-outages-'));
let redis: TestRedis;
let broker: RabbitmqServer;
let state: State;
let gateway: TestService;
let token = 'not-yet';

/** The tests of this file follow each other: an outage at the start, its end, another one. */
beforeAll(async () => {
  redis = await startTestRedis();
  state = await openState({ REDIS_URL: redis.url }, pino({ level: 'silent' }));
  await eventually(async () => expect(await state.ready()).toBe(true));
  await seedDemo(state.stores, { drivers: 0, customers: 1, password: 'correct horse' });
  token = (await state.sessions.create('customer-1', { role: 'customer' })).token;
  await redis.stop();
  broker = await RabbitmqServer.create({ directory, platform: smartEats });
  gateway = await runTestService(smartEats, 'api-gateway', apiGateway, {
    REDIS_URL: redis.url,
    RABBITMQ_URL: broker.url(),
  });
});
afterAll(async () => {
  await gateway.stop();
  await state.close();
  await redis.remove();
  await broker.kill();
  rmSync(directory, { recursive: true, force: true });
});

const place = (key: string) =>
  gateway.call('POST', '/orders', { token, body: goodOrder, headers: { 'idempotency-key': key } });

function expectOutage(answer: Answer, code: string): void {
  expect(failureOf(answer)).toEqual([503, code]);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answer.text).not.toMatch(/127\.0\.0\.1|ECONN/);
}

/** The dependencies that /readyz says are missing; liveness and metrics do not depend on them. */
async function missing(): Promise<readonly string[]> {
  expect((await gateway.call('GET', '/livez')).status).toBe(200);
  expect((await gateway.call('GET', '/metrics')).status).toBe(200);
  const { status, json } = await gateway.call('GET', '/readyz');
  const { dependencies } = json as { dependencies: Record<string, { ready: boolean; reason?: string }> };
  const away = Object.entries(dependencies).filter(([, { ready }]) => !ready);
  expect(status).toBe(away.length === 0 ? 200 : 503);
  for (const [, { reason }] of away) expect(reason).toMatch(/\w+/);
  return away.map(([name]) => name);
}

async function messageIdsInQueue(): Promise<ReadonlySet<string>> {
  const request = { count: 1000, ackmode: 'ack_requeue_true', encoding: 'auto' };
  const answer = await broker.api('queues/%2F/order_created/get', { method: 'POST', body: request });
  // The shape the management API documents.
  const messages = (await answer.json()) as { properties: { message_id: string } }[];
  return new Set(messages.map(({ properties }) => properties.message_id));
}

describe('a gateway that starts before Redis and RabbitMQ', () => {
  it('is alive, is not ready, and answers 503', async () => {
    expect(await missing()).toEqual(['redis', 'rabbitmq']);
    expectOutage(await gateway.call('GET', '/restaurants'), 'STATE_UNAVAILABLE');
    expectOutage(await place('early'), 'STATE_UNAVAILABLE');
  });

  it('answers what it can once Redis is there, and accepts no order without the broker', async () => {
    await redis.start();
    await eventually(async () => expect((await gateway.call('GET', '/restaurants')).status).toBe(200));
    expect(await missing()).toEqual(['rabbitmq']);
    expectOutage(await place('early'), 'SERVICE_UNAVAILABLE');
  });

  it('accepts the same order once the broker is there, as one message', async () => {
    await broker.start();
    await gateway.ready();
    const answer = await place('early');
    expect(answer.status).toBe(202);
    const { orderId } = answer.json as { orderId: string };
    await eventually(async () => {
      expect(await messageIdsInQueue()).toEqual(new Set([`order_created:${orderId}`]));
    });
  });
});

describe('a gateway whose broker is killed', () => {
  it('says so, loses no accepted order, and goes on by itself', async () => {
    const before = (await place('before')).json as { orderId: string };
    await broker.kill();
    await eventually(async () => expect(await missing()).toEqual(['rabbitmq']));
    expectOutage(await place('during'), 'SERVICE_UNAVAILABLE');
    expect((await gateway.call('GET', '/restaurants')).status).toBe(200);
    await broker.start();
    await gateway.ready();
    const during = (await place('during')).json as { orderId: string };
    await eventually(async () => {
      const ids = await messageIdsInQueue();
      expect(ids).toContain(`order_created:${before.orderId}`);
      expect(ids).toContain(`order_created:${during.orderId}`);
      expect(ids.size).toBe(3);
    });
    const { text } = await gateway.call('GET', '/metrics');
    expect(text).toMatch(/^broker_connected\{[^}]*\} 1$/m);
    expect(text).toMatch(/^broker_reconnects_total\{[^}]*\} [1-9]/m);
    expect(text).toMatch(/^messages_published_total\{queue="order_created"[^}]*\} [3-9]/m);
  });
});

describe('a gateway whose Redis is killed', () => {
  it('says so, keeps its event streams, and goes on by itself', async () => {
    const { orderId } = (await place('streamed')).json as { orderId: string };
    const client = await openEvents(`${gateway.url}/orders/${orderId}/events`, token);
    await client.received(1);
    await redis.kill();
    await eventually(async () => expect(await missing()).toEqual(['redis']));
    expectOutage(await place('without-redis'), 'STATE_UNAVAILABLE');
    await redis.start();
    await gateway.ready();
    const change = { orderId, userId: 'customer-1', restaurantId: 'pasta-porta' };
    const occurredAt = new Date().toISOString();
    await eventually(async () => {
      await state.orderStatus.set({ ...change, status: 'created', sequence: 1, occurredAt });
    });
    await client.received(2);
    expect(client.events.map(({ data }) => data['status'])).toEqual(['accepted', 'created']);
    client.leave();
  });
});
