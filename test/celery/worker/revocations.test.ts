import { describe, expect, it } from '@jest/globals';
import type { TaskRequest } from '../../../workers/celery/protocol/task-request.ts';
import type { Kwargs } from '../../../workers/celery/protocol/value.ts';
import { matchesStamps, Revocations } from '../../../workers/celery/worker/revocations.ts';
import { requestOf } from './requests.ts';

const stamped = (stamps: Kwargs): TaskRequest => requestOf({ stamps });

describe('revocations', () => {
  it('know ids for three hours', () => {
    const clock = { now: 0 };
    const revocations = new Revocations(() => clock.now);
    revocations.add(['a']);
    clock.now = 3 * 3600 * 1000 - 1;
    expect(revocations.hasId('a')).toBe(true);
    clock.now += 1;
    expect(revocations.hasId('a')).toBe(false);
    expect(revocations.list()).toEqual([]);
  });

  it('forget the oldest when there are more than 50 000', () => {
    const revocations = new Revocations(() => 0);
    revocations.add(Array.from({ length: 50_000 }, (_, index) => `t${index}`));
    revocations.add(['t0', 'new']);
    expect(revocations.list()).toHaveLength(50_000);
    expect(revocations.hasId('t0')).toBe(true);
    expect(revocations.hasId('t1')).toBe(false);
    expect(revocations.hasId('new')).toBe(true);
  });

  it('know requests by their stamps, one value or several', () => {
    const revocations = new Revocations();
    expect(revocations.has(stamped({ monitor: 'm1' }))).toBe(false);
    revocations.addStamps({ monitor: ['m1', 'm2'], batch: [7] });
    expect(revocations.has(stamped({ monitor: 'm2' }))).toBe(true);
    expect(revocations.has(stamped({ monitor: ['m3', 'm1'] }))).toBe(true);
    expect(revocations.has(stamped({ batch: 7 }))).toBe(true);
    expect(revocations.has(stamped({ monitor: 'm3', batch: 8 }))).toBe(false);
    expect(revocations.has(stamped({}))).toBe(false);
  });

  it('do not take names of built-in properties for stamps', () => {
    expect(matchesStamps(stamped({}), { constructor: ['x'], toString: ['y'] })).toBe(false);
  });
});
