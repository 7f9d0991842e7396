import { describe, expect, it } from '@jest/globals';
import type { MessagingHealth } from '../../../workers/messaging/health.ts';
import { readinessOf } from '../../../workers/services/host/readiness.ts';

const queue = (name: string, subscribed: boolean) => ({
  queue: name,
  subscribed,
  inFlight: 0,
  oldestInFlightMs: 0,
  stuck: 0,
});
const messaging: MessagingHealth = {
  connected: true,
  blocked: false,
  queues: [queue('order_created', true), queue('order_confirmed', true)],
  unconfirmed: 0,
  waiting: 0,
};
const ready = {
  redisAnswers: async () => true,
  messaging,
  consumes: ['order_created', 'order_confirmed'],
  stopping: false,
};

describe('a service', () => {
  it('is ready when all it uses is there and it is subscribed to its queues', async () => {
    expect(await readinessOf(ready)).toEqual({
      ready: true,
      dependencies: { redis: { ready: true }, rabbitmq: { ready: true } },
      queues: {
        consumed: ['order_created', 'order_confirmed'],
        subscribed: ['order_created', 'order_confirmed'],
      },
      stopping: false,
    });
  });

  it('that uses nothing is ready at once', async () => {
    expect(await readinessOf({ consumes: [], stopping: false })).toMatchObject({
      ready: true,
      dependencies: {},
    });
  });

  it('is not ready while it stops', async () => {
    expect(await readinessOf({ ...ready, stopping: true })).toMatchObject({ ready: false, stopping: true });
  });

  it.each([
    ['redis', { redisAnswers: async () => false }, 'Redis does not answer'],
    ['mongodb', { mongodbAnswers: async () => false }, 'MongoDB does not answer'],
    ['rabbitmq', { messaging: { ...messaging, connected: false } }, 'the connection to RabbitMQ is not open'],
    ['rabbitmq', { messaging: { ...messaging, blocked: true } }, 'RabbitMQ takes no messages for now'],
  ])('is not ready without %s, and says so', async (name, changes, reason) => {
    const report = await readinessOf({ ...ready, ...changes });
    expect(report.ready).toBe(false);
    expect(report.dependencies[name]).toEqual({ ready: false, reason });
  });

  it('is not ready while one of its queues is not subscribed', async () => {
    const health = { ...messaging, queues: [queue('order_created', true), queue('order_confirmed', false)] };
    const report = await readinessOf({ ...ready, messaging: health });
    expect(report).toMatchObject({ ready: false, queues: { subscribed: ['order_created'] } });
  });
});
