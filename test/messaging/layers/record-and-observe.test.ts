import { describe, expect, it } from '@jest/globals';
import type { Outcome } from '../../../workers/messaging/delivery.ts';
import { MessagingEmitter } from '../../../workers/messaging/events.ts';
import { observe } from '../../../workers/messaging/layers/observe.ts';
import { record } from '../../../workers/messaging/layers/record.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { MemoryLedger } from '../../harness/memory-ledger.ts';
import { deliveryOf, recordingHandle } from '../delivery-of.ts';
import { MemoryLog } from '../test-runtime.ts';

describe('the record layer', () => {
  it('settles a message that is done', async () => {
    const ledger = new MemoryLedger();
    const { handle } = recordingHandle();
    expect(await record(ledger)(handle)(deliveryOf({}))).toEqual({ kind: 'done' });
    expect(ledger.stateOf('work', 'm-1')).toBe('done');
  });

  it.each([
    { kind: 'retry', error: 'x' },
    { kind: 'postpone', error: 'x' },
    { kind: 'dead', code: 'MESSAGE_REJECTED', reason: 'r' },
  ] as const)('settles nothing for the outcome $kind', async (outcome) => {
    const ledger = new MemoryLedger();
    const { handle } = recordingHandle(outcome);
    expect(await record(ledger)(handle)(deliveryOf({}))).toEqual(outcome);
    expect(ledger.calls).toBe(0);
  });

  it('postpones a message whose end the ledger cannot record', async () => {
    const ledger = new MemoryLedger();
    ledger.available = false;
    const { handle } = recordingHandle();
    expect(await record(ledger)(handle)(deliveryOf({}))).toEqual({
      kind: 'postpone',
      error: new PlatformError('STATE_UNAVAILABLE'),
    });
  });
});

function observing(outcome: Outcome | Error) {
  const log = new MemoryLog();
  const events = new MessagingEmitter(log);
  const told: object[] = [];
  events.on('received', (event) => told.push({ received: event }));
  events.on('handled', (event) => told.push({ handled: event }));
  const layered = observe(
    events,
    log,
  )(async () => {
    if (outcome instanceof Error) throw outcome;
    return outcome;
  });
  return { log, told, layered };
}

describe('the observe layer', () => {
  it('tells about the beginning and the outcome of an attempt', async () => {
    const { told, layered } = observing({ kind: 'done' });
    const publishedAt = new Date(Date.now() - 5_000);
    expect(await layered(deliveryOf({ attempt: 2, publishedAt }))).toEqual({ kind: 'done' });
    const about = { queue: 'work', messageId: 'm-1', attempt: 2 };
    expect(told).toEqual([
      { received: { ...about, ageMs: expect.any(Number) } },
      { handled: { ...about, outcome: 'done', durationMs: expect.any(Number) } },
    ]);
    expect(Reflect.get(Reflect.get(told[0] ?? {}, 'received'), 'ageMs')).toBeGreaterThanOrEqual(5_000);
  });

  it('knows no age where the publisher gave no time', async () => {
    const { told, layered } = observing({ kind: 'done' });
    await layered(deliveryOf({}));
    expect(told[0]).toMatchObject({ received: { ageMs: undefined } });
  });

  it('makes an outcome of an error of the layers within', async () => {
    const failed = observing(new Error('a bug'));
    expect(await failed.layered(deliveryOf({}))).toMatchObject({ kind: 'retry' });
    const away = observing(new PlatformError('STATE_UNAVAILABLE'));
    expect(await away.layered(deliveryOf({}))).toMatchObject({ kind: 'postpone' });
  });

  it('logs what did not end well', async () => {
    const dead = observing({ kind: 'dead', code: 'MESSAGE_REJECTED', reason: 'r' });
    await dead.layered(deliveryOf({}));
    expect(dead.log.lines).toMatchObject([
      { level: 'error', fields: { code: 'MESSAGE_REJECTED', reason: 'r' } },
    ]);
    const retried = observing({ kind: 'retry', error: 'x' });
    await retried.layered(deliveryOf({}));
    expect(retried.log.lines).toMatchObject([{ level: 'warn', fields: { outcome: 'retry', err: 'x' } }]);
  });
});
