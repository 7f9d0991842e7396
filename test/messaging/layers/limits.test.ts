import { describe, expect, it } from '@jest/globals';
import { limitAttempts, limitDeliveries } from '../../../workers/messaging/layers/limit-attempts.ts';
import { deliveryOf, recordingHandle } from '../delivery-of.ts';

const retry = { maxAttempts: 3, maxDelayMs: 1_000 };

describe('the limit of attempts', () => {
  it('lets a message be tried again before its last attempt', async () => {
    const { handle } = recordingHandle({ kind: 'retry', error: 'x' });
    const outcome = await limitAttempts(retry)(handle)(deliveryOf({ attempt: 2 }));
    expect(outcome).toEqual({ kind: 'retry', error: 'x' });
  });

  it('gives a message up when its last attempt failed, and says why', async () => {
    const error = new Error('no driver');
    const { handle } = recordingHandle({ kind: 'retry', error });
    expect(await limitAttempts(retry)(handle)(deliveryOf({ attempt: 3 }))).toEqual({
      kind: 'dead',
      code: 'MESSAGE_ATTEMPTS_EXHAUSTED',
      reason: 'attempt 3 of 3 failed: no driver',
      error,
    });
  });

  it.each([
    { kind: 'done' },
    { kind: 'duplicate' },
    { kind: 'postpone', error: 'x' },
    { kind: 'dead', code: 'MESSAGE_REJECTED', reason: 'r' },
  ] as const)('leaves the outcome $kind alone, on the last attempt too', async (outcome) => {
    const { handle } = recordingHandle(outcome);
    expect(await limitAttempts(retry)(handle)(deliveryOf({ attempt: 3 }))).toEqual(outcome);
  });
});

describe('the limit of deliveries', () => {
  it.each([undefined, 0, 1, 4])('lets a message pass that came back %p times of 5', async (count) => {
    const { handle } = recordingHandle();
    const headers = { 'x-delivery-count': count };
    expect(await limitDeliveries(5)(handle)(deliveryOf({ headers }))).toEqual({ kind: 'done' });
  });

  it('gives a message up unseen on the delivery after which the broker would', async () => {
    const { handle, reached } = recordingHandle();
    const outcome = await limitDeliveries(5)(handle)(deliveryOf({ headers: { 'x-delivery-count': 5 } }));
    expect(outcome).toMatchObject({ kind: 'dead', code: 'MESSAGE_ATTEMPTS_EXHAUSTED' });
    expect(outcome).toHaveProperty('reason', expect.stringContaining('6 times'));
    expect(reached).toEqual([]);
  });

  it('handles a first delivery even when no other is allowed', async () => {
    const { handle } = recordingHandle();
    expect(await limitDeliveries(0)(handle)(deliveryOf({}))).toEqual({ kind: 'done' });
  });
});
