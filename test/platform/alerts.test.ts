import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { alertingRules, alertsOf, runbookOf } from '../../workers/platform/alerts.ts';
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

  it('tell of everything that is watched when it does not answer', () => {
    expect([...listed('TargetDown', 'job')].sort()).toEqual(
      ['redis-exporter', 'rabbitmq', 'node-exporter', 'kubelet', ...Object.keys(smartEats.services)].sort(),
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

  it.each(Object.entries(alerts))('%s describes what it saw, and tells somebody', (_, declared) => {
    const { summary, description, receivers } = declared;
    expect(summary).toMatch(/^[A-Z].*[^.]$/);
    expect(description).toContain('{{ $');
    expect(receivers.length).toBeGreaterThan(0);
  });

  it.each([
    ['HighErrorRate', '> 0.05', ['email', 'slack']],
    ['SlowApi', '> 2', ['slack']],
    ['QueueBacklog', '> 100', ['email']],
    ['LowDisk', '< 0.1', ['email']],
  ])('%s tells whom it should, beyond its limit', (name, limit, receivers) => {
    expect(alerts[name]?.expression.endsWith(` ${limit}`)).toBe(true);
    expect(alerts[name]?.receivers).toEqual(receivers);
  });

  it('burn the budget of the orders at 14.4 and at 6 times the rate that lasts a month', () => {
    expect(alerts['OrderSloBurnFast']?.expression).toMatch(/\[1h\].* > 0\.0144 and .*\[5m\].* > 0\.0144$/);
    expect(alerts['OrderSloBurnSlow']?.expression).toMatch(/\[6h\].* > 0\.006 and .*\[30m\].* > 0\.006$/);
  });
});

describe('the rules of Prometheus', () => {
  const rules = alertingRules(smartEats, { runbooks: 'https://runbooks.example/' });

  it('carry severity, receivers and the page that says what to do', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(Object.keys(alerts));
    expect(rules.find(({ alert }) => alert === 'HighErrorRate')).toMatchObject({
      for: '300s',
      labels: { severity: 'critical', receivers: 'email-slack' },
      annotations: { runbook_url: `https://runbooks.example/${runbookOf('HighErrorRate')}` },
    });
  });

  it('can be told sooner, for those who cannot wait', () => {
    const hurried = alertingRules(smartEats, { runbooks: '', hurry: 0.01 });
    expect(hurried.find(({ alert }) => alert === 'HighErrorRate')?.for).toBe('3s');
  });
});
