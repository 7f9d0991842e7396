import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import { synthesize } from '../../charts/synthesize.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { enqueueCommand } from '../../workers/services/beat/enqueue-command.ts';
import type { ServiceModule } from '../../workers/services/host/service-module.ts';
import { extendedPlatform } from '../charts/extended-platform.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { runTestService, type TestService } from '../services/run-service.ts';

describe('a queue and a service added to the declarations, and nothing else', () => {
  const earned: number[] = [];
  const loyaltyService: ServiceModule<typeof extendedPlatform, 'loyalty-service'> = {
    handlers: ({ publisher }) => ({
      points_earned: async ({ userId, points }) => {
        earned.push(points);
        if (points > 1) {
          const rest = { userId, points: points - 1 };
          await publisher.publish('points_earned', rest, {
            messageId: `points_earned:${userId}:${rest.points}`,
          });
        }
      },
    }),
  };
  let vhost: TestVhost;
  let redis: TestRedis;
  let service: TestService;

  beforeAll(async () => {
    // The broker knows the platform as it was before.
    vhost = await freshVhost(smartEats);
    redis = await startTestRedis();
    const env = { RABBITMQ_URL: vhost.url, REDIS_URL: redis.url };
    service = await runTestService(extendedPlatform, 'loyalty-service', loyaltyService, env);
    await service.ready();
  });
  afterAll(async () => {
    await service.stop();
    await vhost.drop();
    await redis.remove();
  });

  it('are declared on the broker by the service that consumes the queue', async () => {
    for (const name of ['points_earned', 'points_earned.dead']) {
      const queue = await vhost.json<{ type: string; durable: boolean }>(`queues/${vhost.vhost}/${name}`);
      expect(queue).toMatchObject({ type: 'quorum', durable: true });
    }
  });

  it('carry messages to the handler, published by the declared types', async () => {
    await vhost.json(`exchanges/${vhost.vhost}/smarteats.orders/publish`, {
      method: 'POST',
      body: {
        routing_key: 'points_earned',
        properties: { content_type: 'application/json', message_id: 'points_earned:u1:3', delivery_mode: 2 },
        payload: JSON.stringify({ userId: 'u1', points: 3 }),
        payload_encoding: 'string',
      },
    });
    await eventually(() => expect(earned).toEqual([3, 2, 1]));
  });

  it('are counted in the metrics, with the accounts closed', async () => {
    await eventually(async () => {
      const { text } = await service.call('GET', '/metrics');
      expect(text).toMatch(/messages_accounted\{queue="points_earned",state="published",.*\} 3/);
      expect(text).toMatch(/messages_accounted\{queue="points_earned",state="done",.*\} 3/);
    });
  });

  it('are joined by a task queue and a schedule entry, whose task reaches the queue', async () => {
    const args = ['weekly-report', '--at', '2026-11-23T06:00+01:00'];
    expect(await enqueueCommand(extendedPlatform, args, { RABBITMQ_URL: vhost.url, LOG_LEVEL: 'warn' })).toBe(
      0,
    );
    const body = { count: 2, ackmode: 'ack_requeue_true', encoding: 'auto' };
    const path = `queues/${vhost.vhost}/reports/get`;
    const messages = await vhost.json<{ payload: string; properties: object }[]>(path, {
      method: 'POST',
      body,
    });
    expect(messages).toEqual([
      expect.objectContaining({
        payload: expect.stringMatching(/^\[\[\],\{"restaurant_id":"pasta-porta"\},/),
        properties: expect.objectContaining({ correlation_id: 'weekly-report-202611230500' }),
      }),
    ]);
    const queue = await vhost.json<{ type: string }>(`queues/${vhost.vhost}/reports.dead`);
    expect(queue).toMatchObject({ type: 'quorum', durable: true });
  });

  it('are synthesized: a Deployment, a Service and the definitions of the broker', () => {
    const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-synth-'));
    try {
      synthesize(extendedPlatform, defineProfile('kind'), directory);
      const text = readdirSync(directory)
        .map((file) => readFileSync(join(directory, file), 'utf8'))
        .join('\n---\n');
      const named = (kind: string) =>
        new RegExp(`kind: ${kind}\\nmetadata:(\\n +.*)*\\n  name: loyalty-service\\n`);
      expect(text).toMatch(named('Deployment'));
      expect(text).toMatch(named('Service'));
      expect(text).toMatch(/kind: CronJob\nmetadata:(\n +.*)*\n {2}name: weekly-report\n/);
      expect(text).toContain('"points_earned.dead"');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
