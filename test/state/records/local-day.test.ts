import { describe, expect, it } from '@jest/globals';
import { addDays, dateAt, datesOf, hourAt, localDay } from '../../../workers/state/records/local-day.ts';

describe('a day in a time zone', () => {
  it.each([
    ['Europe/Berlin', '2026-11-23', '2026-11-22T23:00:00.000Z', 24],
    ['Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', 23],
    ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', 25],
    ['America/Los_Angeles', '2026-11-23', '2026-11-23T08:00:00.000Z', 24],
    ['Asia/Kathmandu', '2026-11-23', '2026-11-22T18:15:00.000Z', 24],
    ['Etc/UTC', '2026-11-23', '2026-11-23T00:00:00.000Z', 24],
    // Clocks in Beirut go from 23:59:59 to 01:00 when summer begins.
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', 23],
  ])('of %s, %s, begins at its first moment and is as long as it is there', (zone, date, from, hours) => {
    const day = localDay(date, zone);
    expect(day.from.toISOString()).toBe(from);
    expect((day.until.getTime() - day.from.getTime()) / 3_600_000).toBe(hours);
    expect(dateAt(day.from, zone)).toBe(date);
    expect(dateAt(new Date(day.until.getTime() - 1), zone)).toBe(date);
    expect(dateAt(day.until, zone)).toBe(addDays(date, 1));
  });

  it('begins on a quarter of an hour, in every time zone there is', () => {
    for (const zone of Intl.supportedValuesOf('timeZone')) {
      for (const date of ['2026-01-15', '2026-07-15']) {
        expect([zone, localDay(date, zone).from.getTime() % 900_000]).toEqual([zone, 0]);
      }
    }
  });

  it('shows the hour of the clocks there', () => {
    const moment = new Date('2026-11-23T23:30:00Z');
    expect(
      ['Europe/Berlin', 'Asia/Kathmandu', 'America/New_York'].map((zone) => hourAt(moment, zone)),
    ).toEqual([0, 5, 18]);
  });

  it('is one of a range with its first and last day', () => {
    expect(datesOf({ from: '2026-02-27', to: '2026-03-02' })).toEqual([
      '2026-02-27',
      '2026-02-28',
      '2026-03-01',
      '2026-03-02',
    ]);
    expect(datesOf({ from: '2026-02-27', to: '2026-02-27' })).toEqual(['2026-02-27']);
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
  });

  it('is an error where the time zone is none', () => {
    expect(() => dateAt(new Date(), 'Mars/Olympus')).toThrow(
      expect.objectContaining({ code: 'RECORD_CORRUPT' }),
    );
  });
});
