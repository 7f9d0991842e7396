import { afterEach, describe, expect, it } from '@jest/globals';
import { createLiveness, type Liveness } from '../../workers/telemetry/liveness.ts';
import { eventually } from '../harness/eventually.ts';

let liveness: Liveness | undefined;
afterEach(() => liveness?.stop());

function blockFor(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

describe('liveness', () => {
  it('is green while the event loop turns', () => {
    liveness = createLiveness();
    expect(liveness.report()).toEqual({ live: true, checks: { 'event-loop': { live: true } } });
  });

  it('is red after the event loop was blocked for longer than the limit, and green again when it turns', async () => {
    const watched = createLiveness({ stallLimitMs: 400, tickMs: 10 });
    liveness = watched;
    blockFor(600);
    const report = watched.report();
    expect(report.live).toBe(false);
    expect(report.checks['event-loop']?.reason).toMatch(/^was blocked for \d+ ms$/);
    await eventually(() => expect(watched.report().live).toBe(true));
  });

  it('names the check that found something stuck', () => {
    liveness = createLiveness();
    let stuck: string | undefined;
    liveness.add('handlers', () => stuck);
    expect(liveness.report().live).toBe(true);
    stuck = 'a message of order_created has run for 95 s';
    expect(liveness.report()).toMatchObject({
      live: false,
      checks: { 'event-loop': { live: true }, handlers: { live: false, reason: stuck } },
    });
  });
});
