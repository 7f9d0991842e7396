import { describe, expect, it } from '@jest/globals';
import type { ScheduleEntry } from '../../../workers/platform/schedule.ts';
import { dueTimes } from '../../../workers/services/beat/due.ts';

const at = (text: string) => new Date(text);
const entry = (schedule: ScheduleEntry['schedule'], timeZone = 'Etc/UTC'): ScheduleEntry => ({
  description: '',
  task: 'tasks.cleanup_carts',
  schedule,
  timeZone,
});

describe('an entry with a crontab', () => {
  const nightly = dueTimes(entry({ minute: 0, hour: 2 }));

  it('is due from the first moment of its minute on', () => {
    const lastRun = at('2026-11-24T02:00Z');
    expect(nightly(lastRun, at('2026-11-25T01:59:59.999Z'))).toEqual({
      missed: undefined,
      next: at('2026-11-25T02:00Z'),
    });
    expect(nightly(lastRun, at('2026-11-25T02:00:00.000Z'))).toEqual({
      missed: at('2026-11-25T02:00Z'),
      next: at('2026-11-26T02:00Z'),
    });
  });

  it('is not due again once it ran', () => {
    expect(nightly(at('2026-11-25T02:00Z'), at('2026-11-25T02:00:30Z')).missed).toBeUndefined();
  });

  it('that was missed for days is due once, for the latest time', () => {
    expect(nightly(at('2026-11-20T02:00Z'), at('2026-11-25T09:00Z'))).toEqual({
      missed: at('2026-11-25T02:00Z'),
      next: at('2026-11-26T02:00Z'),
    });
  });

  it('is read in its time zone, also when the clocks change', () => {
    const berlin = dueTimes(entry({ minute: 30, hour: 9 }, 'Europe/Berlin'));
    expect(berlin(at('2026-03-27T12:00Z'), at('2026-03-28T12:00Z')).missed).toEqual(at('2026-03-28T08:30Z'));
    expect(berlin(at('2026-03-28T12:00Z'), at('2026-03-29T12:00Z')).missed).toEqual(at('2026-03-29T07:30Z'));
  });

  it('is due on days that fit both fields of days, as Celery has it', () => {
    const fridayThe13th = dueTimes(entry({ minute: 0, hour: 0, day_of_month: 13, day_of_week: 'friday' }));
    expect(fridayThe13th(at('2026-03-01T00:00Z'), at('2026-03-14T00:00Z'))).toEqual({
      missed: at('2026-03-13T00:00Z'),
      next: at('2026-11-13T00:00Z'),
    });
  });
});

describe('an entry with an interval', () => {
  const everyTenSeconds = dueTimes(entry({ everySeconds: 10 }));

  it('is due that long after its last run', () => {
    const lastRun = at('2026-11-25T12:00:05Z');
    expect(everyTenSeconds(lastRun, at('2026-11-25T12:00:14.999Z'))).toEqual({
      missed: undefined,
      next: at('2026-11-25T12:00:15Z'),
    });
    expect(everyTenSeconds(lastRun, at('2026-11-25T12:00:15Z')).missed).toEqual(at('2026-11-25T12:00:15Z'));
  });

  it('that was missed for hours is due once, and counted on from then', () => {
    expect(everyTenSeconds(at('2026-11-25T08:00Z'), at('2026-11-25T12:00:03.500Z'))).toEqual({
      missed: at('2026-11-25T12:00:03Z'),
      next: at('2026-11-25T12:00:13Z'),
    });
  });
});
