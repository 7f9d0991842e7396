import { z } from 'zod';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';

/** The platform with one service and one queue more, as somebody would add them. */
export const extendedPlatform = definePlatform({
  ...smartEats,
  services: {
    ...smartEats.services,
    'loyalty-service': {
      description: 'Counts points',
      port: 4006,
      uses: ['redis', 'rabbitmq'],
      kind: 'product',
    },
  },
  queues: {
    ...smartEats.queues,
    points_earned: defineQueue({
      description: 'A customer earned points',
      exchange: 'smarteats.orders',
      consumer: 'loyalty-service',
      payload: z.strictObject({ userId: z.string(), points: z.int() }),
      handlerTimeoutMs: 120_000,
    }),
  },
});
