import { describe, expect, it } from '@jest/globals';
import { InFlight } from '../../workers/messaging/in-flight.ts';

function clock() {
  let now = 1_000_000;
  const inFlight = new InFlight(1_000, () => now);
  return { inFlight, advance: (ms: number) => (now += ms), now: () => now };
}

const alive = () => new AbortController().signal;

describe('the attempts in flight', () => {
  it('are counted until they end, with the age of the oldest', () => {
    const { inFlight, advance } = clock();
    expect(inFlight.health(0)).toEqual({ inFlight: 0, oldestInFlightMs: 0, stuck: 0 });
    const end = inFlight.enter(alive());
    advance(300);
    inFlight.enter(alive());
    advance(200);
    expect(inFlight.health(0)).toEqual({ inFlight: 2, oldestInFlightMs: 500, stuck: 0 });
    end();
    expect(inFlight.health(0)).toEqual({ inFlight: 1, oldestInFlightMs: 200, stuck: 0 });
  });

  it('are stuck when they go on past twice their limit', () => {
    const { inFlight, advance } = clock();
    inFlight.enter(alive());
    advance(2_000);
    expect(inFlight.health(0).stuck).toBe(0);
    advance(1);
    expect(inFlight.health(0).stuck).toBe(1);
  });

  it('are not stuck while the broker is away, nor for the time it was', () => {
    const { inFlight, advance, now } = clock();
    inFlight.enter(alive());
    advance(60_000);
    expect(inFlight.health(undefined).stuck).toBe(0);
    const back = now();
    advance(1_500);
    expect(inFlight.health(back).stuck).toBe(0);
    advance(1_000);
    expect(inFlight.health(back).stuck).toBe(1);
  });

  it('are not stuck when their delivery was lost with its channel', () => {
    const { inFlight, advance } = clock();
    const controller = new AbortController();
    inFlight.enter(controller.signal);
    controller.abort();
    advance(60_000);
    expect(inFlight.health(0)).toEqual({ inFlight: 1, oldestInFlightMs: 60_000, stuck: 0 });
  });
});
