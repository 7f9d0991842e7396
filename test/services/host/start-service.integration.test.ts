import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { definePlatform, smartEats } from '../../../workers/platform/platform.ts';
import { defineQueue } from '../../../workers/platform/queues.ts';
import type { ServiceModule } from '../../../workers/services/host/service-module.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { failureOf } from '../http-client.ts';
import { runTestService, type TestService } from '../run-service.ts';

const consumer = 'loyalty-service';

/** The platform with one more queue and one more service. */
const platform = definePlatform({
  ...smartEats,
  queues: {
    ...smartEats.queues,
    loyalty_points: {
      ...defineQueue({
        description: 'A customer earned points',
        exchange: 'smarteats.orders',
        consumer,
        payload: z.strictObject({ userId: z.string(), points: z.int() }),
        handlerTimeoutMs: 500,
      }),
      consumer: consumer as typeof consumer,
    },
  },
  services: {
    ...smartEats.services,
    [consumer]: { description: 'Counts points', port: 4090, uses: ['redis', 'rabbitmq'], kind: 'product' },
  },
});
type Loyalty = typeof platform;

/** Something that others wait for until it is opened. */
class Gate {
  open: () => void = () => {};
  readonly passed = new Promise<void>((resolve) => {
    this.open = resolve;
  });
}

/** What the handler of a test does with each message. */
let onPoints: (points: number) => Promise<void> = async () => {};
/** What a test waits for in a request. */
let inRequest: () => Promise<void> = async () => {};
let stopped: string[] = [];

const loyaltyService: ServiceModule<Loyalty, typeof consumer> = {
  handlers: () => ({ loyalty_points: ({ points }) => onPoints(points) }),
  routes: (app, { publisher }) => {
    app.post('/points', { schema: { body: z.strictObject({ points: z.int() }) } }, async ({ body }) => {
      await inRequest();
      await publisher.publish('loyalty_points', { userId: 'u', ...body }, { messageId: `p:${body.points}` });
      return { stored: true };
    });
  },
  background: async ({ stopping }) => ({
    stop: async () => {
      stopped.push(`stopping: ${stopping.aborted}`);
    },
  }),
};

let redis: TestRedis;
let broker: TestVhost;
let service: TestService;
beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(() => redis.remove());
beforeEach(async () => {
  broker = await freshVhost(platform);
});
afterEach(async () => {
  await service.stop();
  await broker.drop();
  onPoints = async () => {};
  inRequest = async () => {};
  stopped = [];
});

async function start(env = {}): Promise<void> {
  service = await runTestService(platform, consumer, loyaltyService, {
    REDIS_URL: redis.url,
    RABBITMQ_URL: broker.url,
    ...env,
  });
  await service.ready();
}

async function metric(line: RegExp): Promise<number> {
  const { text } = await service.call('GET', '/metrics');
  return Number(line.exec(text)?.[1] ?? 'NaN');
}

describe('a service that is declared and has a module', () => {
  it('consumes its queue, and says so at /readyz', async () => {
    const seen: number[] = [];
    onPoints = async (points) => void seen.push(points);
    await start();
    expect((await service.call('GET', '/readyz')).json).toEqual({
      ready: true,
      dependencies: { redis: { ready: true }, rabbitmq: { ready: true } },
      queues: { consumed: ['loyalty_points'], subscribed: ['loyalty_points'] },
      stopping: false,
    });
    expect((await service.call('POST', '/points', { body: { points: 1 } })).json).toEqual({ stored: true });
    await eventually(() => expect(seen).toEqual([1]));
  });

  it('does not compile without a handler for its queue, or with one for a queue of another service', () => {
    // @ts-expect-error the handler of loyalty_points is missing
    const missing: ServiceModule<Loyalty, typeof consumer> = { handlers: () => ({}) };
    const handlers = () => ({ order_created: async () => {} });
    // @ts-expect-error there is nothing to consume for the auth service
    const foreign: ServiceModule<Loyalty, 'auth-service'> = { handlers };
    const none: ServiceModule<Loyalty, typeof consumer> = loyaltyService;
    expect([missing, foreign, none]).toHaveLength(3);
  });

  it('shows the times of its messages as empty before the first, so that it is seen as a rise', async () => {
    await start();
    const labels = (more: string) => `\\{[^}]*queue="loyalty_points"${more}[^}]*\\}`;
    const count = (name: string, more = '') =>
      metric(new RegExp(`^${name}_count${labels(more)} (\\d+)$`, 'm'));
    expect(await count('message_age_seconds')).toBe(0);
    expect(await count('message_handler_duration_seconds', ',outcome="done"')).toBe(0);
  });

  it('counts what happens to its messages', async () => {
    await start();
    onPoints = async (points) => {
      if (points < 0) throw new Error('points are missing');
    };
    await service.call('POST', '/points', { body: { points: 2 } });
    await service.call('POST', '/points', { body: { points: -2 } });
    const handled = (outcome: string) =>
      metric(
        new RegExp(`^messages_handled_total{queue="loyalty_points",outcome="${outcome}",[^}]*} (\\d+)$`, 'm'),
      );
    await eventually(async () => expect([await handled('done'), await handled('retry')]).toEqual([1, 1]));
    const labels = '{queue="loyalty_points",[^}]*}';
    expect(await metric(new RegExp(`^messages_published_total${labels} (\\d+)$`, 'm'))).toBe(2);
    expect(await metric(new RegExp(`^messages_received_total${labels} (\\d+)$`, 'm'))).toBe(2);
    expect(await metric(new RegExp(`^messages_in_flight${labels} (\\d+)$`, 'm'))).toBe(0);
    expect(await metric(/^message_age_seconds_count\{[^}]*queue="loyalty_points"[^}]*\} (\d+)$/m)).toBe(2);
    expect(await metric(/^broker_connected\{[^}]*\} (\d+)$/m)).toBe(1);
    expect(await metric(/^publisher_unconfirmed_messages\{[^}]*\} (\d+)$/m)).toBe(0);
  });

  it('is no longer live while a handler is stuck far past its time limit', async () => {
    await start({ SHUTDOWN_GRACE_MS: '1500' });
    const gate = new Gate();
    onPoints = () => gate.passed;
    await service.call('POST', '/points', { body: { points: 3 } });
    await eventually(async () => {
      const { status, text } = await service.call('GET', '/livez');
      expect([status, text]).toEqual([503, expect.stringContaining('loyalty_points')]);
    });
    gate.open();
    await eventually(async () => expect((await service.call('GET', '/livez')).status).toBe(200));
  });
});

describe('a service that stops', () => {
  it('finishes the message it handles', async () => {
    const done: number[] = [];
    onPoints = async (points) => {
      await delay(300);
      done.push(points);
    };
    await start();
    await service.call('POST', '/points', { body: { points: 4 } });
    await eventually(async () => {
      expect(await metric(/^messages_in_flight\{[^}]*\} (\d+)$/m)).toBe(1);
    });
    expect(await service.stop()).toBe(true);
    expect(done).toEqual([4]);
    await eventually(async () => expect((await queueOnBroker()).messages).toBe(0));
    expect(stopped).toEqual(['stopping: true']);
  });

  it('finishes the request it answers, refuses new ones, and shows its metrics to the end', async () => {
    await start();
    const [begun, gate] = [new Gate(), new Gate()];
    inRequest = () => {
      begun.open();
      return gate.passed;
    };
    const answer = service.call('POST', '/points', { body: { points: 5 } });
    await begun.passed;
    const stopping = service.stop();
    const refused = await service.call('POST', '/points', { body: { points: 6 } });
    expect(failureOf(refused)).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect((await service.call('GET', '/readyz')).json).toMatchObject({ ready: false, stopping: true });
    expect((await service.call('GET', '/livez')).status).toBe(200);
    expect((await service.call('GET', '/metrics')).status).toBe(200);
    gate.open();
    expect((await answer).json).toEqual({ stored: true });
    expect(await stopping).toBe(true);
    await expect(service.call('GET', '/livez')).rejects.toThrow('fetch failed');
  });

  it('does not wait for ever for a handler that does not end, and says so', async () => {
    await start({ SHUTDOWN_GRACE_MS: '1500' });
    onPoints = () => new Promise(() => {});
    await service.call('POST', '/points', { body: { points: 7 } });
    await eventually(async () => {
      expect(await metric(/^messages_in_flight\{[^}]*\} (\d+)$/m)).toBe(1);
    });
    await service.stop();
    // What it could not finish is with the broker again, for another consumer.
    await eventually(async () => expect((await queueOnBroker()).messages_ready).toBe(1));
  });
});

function queueOnBroker(): Promise<{ messages: number; messages_ready: number }> {
  return broker.json(`queues/${broker.vhost}/loyalty_points`);
}
