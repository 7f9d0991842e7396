import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { definePlatform, smartEats } from '../../../workers/platform/platform.ts';
import {
  messageOfRun,
  minuteOf,
  runId,
  scheduledMinute,
} from '../../../workers/services/beat/scheduled-run.ts';

const entry = 'cleanup-expired-carts';
const now = new Date('2026-11-23T02:00:41.500Z');
const minutes = (time: string) => new Date(time).getTime() / 60_000;

describe('the minute that a run is for', () => {
  it("is the one in the Job's name, however late its pod runs", () => {
    const job = `${entry}-${minutes('2026-11-22T02:00Z')}`;
    expect(scheduledMinute(entry, job, now)).toEqual(new Date('2026-11-22T02:00Z'));
  });

  it.each([
    undefined,
    entry,
    `${entry}-by-hand`,
    `${entry}-20261123`,
    `${entry}-1`,
    `${entry}-`,
    `${entry}-1e7`,
    `other-${minutes('2026-11-22T02:00Z')}`,
  ])('is the present one for a Job that is named %s', (job) => {
    expect(scheduledMinute(entry, job, now)).toEqual(new Date('2026-11-23T02:00Z'));
  });

  it('begins with its first second', () => {
    expect(minuteOf(new Date('2026-11-23T02:00:59.999Z'))).toEqual(new Date('2026-11-23T02:00Z'));
  });
});

describe('the id of a run', () => {
  it('says the entry and the minute in UTC', () => {
    expect(runId(entry, new Date('2026-11-23T02:00Z'))).toBe('cleanup-expired-carts-202611230200');
    expect(runId(entry, new Date('2026-11-23T02:00+02:00'))).toBe('cleanup-expired-carts-202611230000');
  });
});

describe('the message of a run', () => {
  const minute = new Date('2026-11-23T02:00Z');

  it('calls the task of the entry in the queue of the task, and expires as the entry says', () => {
    const { routingKey, content, properties } = messageOfRun(smartEats, entry, minute);
    expect(routingKey).toBe('celery');
    expect(JSON.parse(content.toString())).toEqual([[], {}, expect.anything()]);
    expect(properties.correlationId).toBe('cleanup-expired-carts-202611230200');
    expect(properties.headers).toMatchObject({
      task: 'tasks.cleanup_carts',
      id: 'cleanup-expired-carts-202611230200',
      expires: '2026-11-24T02:00:00.000+00:00',
      origin: 'beat@smarteats',
      periodic_task_name: entry,
      argsrepr: '[]',
      kwargsrepr: '{}',
    });
  });

  it('never expires where the entry says nothing', () => {
    const { headers } = messageOfRun(smartEats, 'calculate-daily-analytics', minute).properties;
    expect(headers['expires']).toBeNull();
  });

  it('has the arguments and options of the entry', () => {
    const platform = definePlatform({
      ...smartEats,
      tasks: {
        'tests.report': {
          description: '',
          queue: 'celery',
          parameters: z.strictObject({ restaurant_id: z.string(), days: z.int() }),
        },
      },
      schedule: {
        'weekly-report': {
          description: '',
          task: 'tests.report',
          args: ['r1'],
          kwargs: { days: 7 },
          schedule: {},
          timeZone: 'UTC',
          options: { priority: 3, headers: { tenant: 'a' } },
        },
      },
    });
    const { content, properties } = messageOfRun(platform, 'weekly-report', minute);
    expect(JSON.parse(content.toString()).slice(0, 2)).toEqual([['r1'], { days: 7 }]);
    expect(properties.priority).toBe(3);
    expect(properties.headers).toMatchObject({ tenant: 'a', periodic_task_name: 'weekly-report' });
  });

  it('is the same bytes for the same minute, and another for another', () => {
    const again = messageOfRun(smartEats, entry, new Date(minute));
    expect(again).toEqual(messageOfRun(smartEats, entry, minute));
    const later = messageOfRun(smartEats, entry, new Date('2026-11-24T02:00Z'));
    expect(later.properties.correlationId).not.toBe(again.properties.correlationId);
  });

  it.each(['cleanup', 'constructor', ''])('cannot be made for %j, which is no entry', (name) => {
    expect(() => messageOfRun(smartEats, name, minute)).toThrow(
      expect.objectContaining({
        code: 'SCHEDULE_ENTRY_UNKNOWN',
        message: `${name} is not in the schedule; its entries are: cleanup-expired-carts, calculate-daily-analytics, send-inactive-user-reminders`,
      }),
    );
  });
});
