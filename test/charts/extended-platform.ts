import { z } from 'zod';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';
import { defineTaskQueue } from '../../workers/platform/tasks.ts';

/** The platform with one service, one queue, one task and one schedule entry more, as somebody would add them. */
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
  taskQueues: {
    ...smartEats.taskQueues,
    reports: defineTaskQueue({ description: 'Reports for restaurants' }),
  },
  tasks: {
    ...smartEats.tasks,
    'tasks.weekly_report': {
      description: 'Sends a restaurant its weekly report',
      queue: 'reports',
      parameters: z.strictObject({ restaurant_id: z.string() }),
    },
  },
  schedule: {
    ...smartEats.schedule,
    'weekly-report': {
      description: 'Mondays at six in the restaurant',
      task: 'tasks.weekly_report',
      kwargs: { restaurant_id: 'pasta-porta' },
      schedule: { minute: 0, hour: 6, day_of_week: 'mon' },
      timeZone: 'Europe/Berlin',
    },
  },
});
