import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';

const alerts = alertsOf(smartEats);

/** The names that an expression lists for a label. */
function listed(alert: string, label: string): readonly string[] {
  const expression = alerts[alert]?.expression ?? '';
  return new RegExp(`${label}=~"([^"]*)"`).exec(expression)?.[1]?.split('|') ?? [];
}

describe('the alerts', () => {
  it('tell of a backlog in every work queue, and of none that only keeps or delays messages', () => {
    const { queues, taskQueues } = smartEats;
    expect([...listed('QueueBacklog', 'queue')].sort()).toEqual(
      [...Object.keys(queues), ...Object.keys(taskQueues)].sort(),
    );
  });

  it('tell of a backlog beyond a hundred messages, with the number in the text', () => {
    expect(alerts['QueueBacklog']?.expression).toMatch(/ > 100$/);
    expect(alerts['QueueBacklog']?.description).toContain('100');
  });

  it('tell of every service, of Redis and of RabbitMQ when it does not answer', () => {
    expect([...listed('TargetDown', 'job')].sort()).toEqual(
      ['redis-exporter', 'rabbitmq', ...Object.keys(smartEats.services)].sort(),
    );
  });

  it('include a queue that was only declared', () => {
    const points = defineQueue({
      description: 'A customer earned points',
      exchange: 'smarteats.orders',
      consumer: 'order-service',
      payload: z.strictObject({ points: z.int() }),
    });
    const platform = definePlatform({
      ...smartEats,
      queues: { ...smartEats.queues, points_earned: points },
    });
    expect(alertsOf(platform)['QueueBacklog']?.expression).toMatch(/[|"]points_earned[|"]/);
  });

  it('each say how bad it is, wait before they tell, and describe what they saw', () => {
    for (const [name, { severity, forSeconds, summary, description }] of Object.entries(alerts)) {
      expect([name, ['warning', 'critical'].includes(severity), forSeconds > 0, summary !== '']).toEqual([
        name,
        true,
        true,
        true,
      ]);
      expect(description).toContain('{{ $');
    }
  });
});
