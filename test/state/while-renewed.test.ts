import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { whileRenewed } from '../../workers/state/while-renewed.ts';
import { eventually } from '../harness/eventually.ts';

describe('work under a claim', () => {
  it('renews the claim until it is done, though renewals fail, and then no more', async () => {
    let renewals = 0;
    const renew = () => {
      renewals += 1;
      return Promise.reject(new Error('the store is away'));
    };
    const work = () => eventually(() => expect(renewals).toBeGreaterThan(2)).then(() => 'done');
    expect(await whileRenewed(renew, 5, work)).toBe('done');
    const then = renewals;
    await delay(50);
    expect(renewals).toBe(then);
  });

  it('fails as the work fails, and renews no more', async () => {
    let renewals = 0;
    const renew = async () => {
      renewals += 1;
    };
    await expect(whileRenewed(renew, 5, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await delay(50);
    expect(renewals).toBe(0);
  });
});
