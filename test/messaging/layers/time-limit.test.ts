import { describe, expect, it } from '@jest/globals';
import type { Handle } from '../../../workers/messaging/delivery.ts';
import { InFlight } from '../../../workers/messaging/in-flight.ts';
import { limitTime } from '../../../workers/messaging/layers/time-limit.ts';
import { deliveryOf } from '../delivery-of.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the time limit of an attempt', () => {
  it('does not touch an attempt that is quick enough', async () => {
    const inFlight = new InFlight(60_000);
    let running = 0;
    const handle: Handle = async () => {
      running = inFlight.health(0).inFlight;
      return { kind: 'done' };
    };
    expect(await limitTime(60_000, inFlight)(handle)(deliveryOf({}))).toEqual({ kind: 'done' });
    expect(running).toBe(1);
    expect(inFlight.health(0).inFlight).toBe(0);
  });

  it('aborts a slow attempt and has the message tried again', async () => {
    const handle: Handle = ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve({ kind: 'retry', error: signal.reason }));
      });
    const outcome = await limitTime(20, new InFlight(20))(handle)(deliveryOf({}));
    expect(outcome).toMatchObject({ kind: 'retry', error: { code: 'MESSAGE_HANDLER_TIMEOUT' } });
  });

  it('does not wait for work that heeds no signal, but keeps it among those in flight', async () => {
    const inFlight = new InFlight(20);
    let end: () => void = () => undefined;
    const handle: Handle = () =>
      new Promise((resolve) => {
        end = () => resolve({ kind: 'done' });
      });
    const outcome = await limitTime(20, inFlight)(handle)(deliveryOf({}));
    expect(outcome).toMatchObject({ kind: 'retry' });
    expect(inFlight.health(0).inFlight).toBe(1);
    end();
    await turn();
    expect(inFlight.health(0).inFlight).toBe(0);
  });

  it('is not disturbed by work that fails after its time', async () => {
    let fail: (error: Error) => void = () => undefined;
    const handle: Handle = () =>
      new Promise((_, reject) => {
        fail = reject;
      });
    await limitTime(5, new InFlight(5))(handle)(deliveryOf({}));
    fail(new Error('too late to matter'));
    await turn();
  });

  it('passes the loss of the channel on to the attempt', async () => {
    const channel = new AbortController();
    const reasons: unknown[] = [];
    const handle: Handle = ({ signal }) =>
      new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          resolve({ kind: 'done' });
        });
      });
    const outcome = limitTime(60_000, new InFlight(60_000))(handle)(deliveryOf({ signal: channel.signal }));
    channel.abort('the channel is gone');
    await outcome;
    expect(reasons).toEqual(['the channel is gone']);
  });

  it('begins aborted when the channel is gone already', async () => {
    let aborted = false;
    const handle: Handle = async ({ signal }) => {
      aborted = signal.aborted;
      return { kind: 'done' };
    };
    await limitTime(60_000, new InFlight(60_000))(handle)(deliveryOf({ signal: AbortSignal.abort() }));
    expect(aborted).toBe(true);
  });
});
