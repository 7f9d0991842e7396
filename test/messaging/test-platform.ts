import { z } from 'zod';
import { definePlatform } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';

const Job = z.strictObject({ n: z.int() });

const shared = {
  exchange: 'test.work',
  consumer: 'tester',
  payload: Job,
  retry: { maxAttempts: 3, maxDelayMs: 400 },
} as const;

/** A small platform with short delays, in which each queue is set up for one kind of test. */
export const testPlatform = definePlatform({
  exchanges: {
    'test.work': { type: 'direct', description: 'Work' },
    'test.topics': { type: 'topic', description: 'Events by topic' },
    'test.fanout': { type: 'fanout', description: 'Events to all' },
  },
  queues: {
    work: defineQueue({
      ...shared,
      description: 'Ordinary work',
      prefetch: 20,
      maxPayloadBytes: 4096,
    }),
    single: defineQueue({
      ...shared,
      description: 'One message at a time',
      prefetch: 1,
    }),
    brief: defineQueue({
      ...shared,
      description: 'Handlers with little time',
      retry: { maxAttempts: 2, maxDelayMs: 200 },
      handlerTimeoutMs: 300,
    }),
    narrow: defineQueue({ ...shared, description: 'A queue that is soon full', maxLength: 1 }),
    fragile: defineQueue({ ...shared, description: 'Few deliveries', deliveryLimit: 2, prefetch: 1 }),
  },
  events: {
    happened: {
      description: 'Something happened',
      exchange: 'test.topics',
      payload: z.strictObject({ topic: z.string(), n: z.int() }),
      // Events are declared for any payload; this one's is checked by its schema first.
      routingKey: (payload: unknown) => `thing.${(payload as { topic: string }).topic}.happened`,
    },
    broadcast: { description: 'To all', exchange: 'test.fanout', payload: Job, routingKey: () => '' },
  },
  services: {
    tester: { description: 'The tests', port: 4999, uses: ['rabbitmq'], kind: 'product' },
  },
  taskQueues: {},
  tasks: {},
  schedule: {},
  retryDelaysMs: [200, 400],
});

export type TestPlatform = typeof testPlatform;
