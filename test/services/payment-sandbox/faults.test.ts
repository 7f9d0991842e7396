import { describe, expect, it } from '@jest/globals';
import { Fault, FaultPlan } from '../../../workers/services/payment-sandbox/faults.ts';

const none = { error: false, dropResponse: false, latencyMs: 0 };

describe('fault plan', () => {
  it('injects nothing unless told to', () => {
    expect(new FaultPlan().next()).toEqual(none);
  });

  it('hits the next request only when neither count nor ratio is given', () => {
    const plan = new FaultPlan();
    plan.add({ kind: 'error' });
    expect([plan.next().error, plan.next().error]).toEqual([true, false]);
  });

  it('hits as many requests as counted and says how many are left', () => {
    const plan = new FaultPlan();
    plan.add({ kind: 'drop-response', count: 2 });
    expect(plan.next().dropResponse).toBe(true);
    expect(plan.planned).toEqual([{ kind: 'drop-response', count: 1 }]);
    expect(plan.next().dropResponse).toBe(true);
    expect(plan.planned).toEqual([]);
    expect(plan.next()).toEqual(none);
  });

  it('hits the share of requests that a ratio asks for, until cleared', () => {
    const numbers = [0.1, 0.6, 0.2];
    const plan = new FaultPlan(() => numbers.shift() ?? 0);
    plan.add({ kind: 'error', ratio: 0.5 });
    expect([plan.next().error, plan.next().error, plan.next().error]).toEqual([true, false, true]);
    plan.clear();
    expect(plan.next()).toEqual(none);
  });

  it('combines faults, and adds up latencies', () => {
    const plan = new FaultPlan();
    plan.add({ kind: 'latency', ms: 30 });
    plan.add({ kind: 'latency' });
    plan.add({ kind: 'drop-response' });
    expect(plan.next()).toEqual({ error: false, dropResponse: true, latencyMs: 1_030 });
  });

  it('refuses a count together with a ratio, and an unknown kind', () => {
    expect(Fault.safeParse({ kind: 'error', count: 1, ratio: 0.5 }).success).toBe(false);
    expect(Fault.safeParse({ kind: 'fire' }).success).toBe(false);
    expect(Fault.safeParse({ kind: 'latency', ms: 10, ratio: 0.5 }).success).toBe(true);
  });
});
