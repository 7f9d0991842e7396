import { describe, expect, it } from '@jest/globals';
import type { Handle, Outcome } from '../../../workers/messaging/delivery.ts';
import { deduplicate } from '../../../workers/messaging/layers/deduplicate.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { MemoryLedger } from '../../harness/memory-ledger.ts';
import { deliveryOf, recordingHandle } from '../delivery-of.ts';

/** A handle that ends when it is told to, and settles in the ledger then. */
function manualHandle(ledger: MemoryLedger) {
  const endings: ((outcome: Outcome) => Promise<void>)[] = [];
  const handle: Handle = ({ queue, messageId }) =>
    new Promise((resolve) => {
      endings.push(async (outcome) => {
        if (outcome.kind === 'done') await ledger.settled(queue, messageId, 'done');
        resolve(outcome);
      });
    });
  return { handle, endings };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the deduplicate layer', () => {
  it('lets a message pass that is open, and has it counted', async () => {
    const ledger = new MemoryLedger();
    const { handle } = recordingHandle();
    expect(await deduplicate(ledger)(handle)(deliveryOf({}))).toEqual({ kind: 'done' });
    expect(ledger.accounts('work')).toMatchObject({ published: 1, open: 1 });
  });

  it.each(['done', 'dead'] as const)('stops a message that is %s already', async (as) => {
    const ledger = new MemoryLedger();
    await ledger.settled('work', 'm-1', as);
    const { handle, reached } = recordingHandle();
    expect(await deduplicate(ledger)(handle)(deliveryOf({}))).toEqual({ kind: 'duplicate' });
    expect(reached).toEqual([]);
  });

  it('tells queues apart', async () => {
    const ledger = new MemoryLedger();
    await ledger.settled('other', 'm-1', 'done');
    const { handle } = recordingHandle();
    expect(await deduplicate(ledger)(handle)(deliveryOf({}))).toEqual({ kind: 'done' });
  });

  it('lets a second delivery wait for the first one and then skips it', async () => {
    const ledger = new MemoryLedger();
    const { handle, endings } = manualHandle(ledger);
    const layered = deduplicate(ledger)(handle);
    const [first, second, third] = [
      layered(deliveryOf({})),
      layered(deliveryOf({})),
      layered(deliveryOf({})),
    ];
    await turn();
    expect(endings).toHaveLength(1);
    await endings[0]?.({ kind: 'done' });
    expect(await first).toEqual({ kind: 'done' });
    expect(await Promise.all([second, third])).toEqual([{ kind: 'duplicate' }, { kind: 'duplicate' }]);
    expect(endings).toHaveLength(1);
  });

  it('handles a second delivery when the first one failed', async () => {
    const ledger = new MemoryLedger();
    const { handle, endings } = manualHandle(ledger);
    const layered = deduplicate(ledger)(handle);
    const first = layered(deliveryOf({}));
    const second = layered(deliveryOf({}));
    await turn();
    await endings[0]?.({ kind: 'retry', error: 'x' });
    await first;
    await turn();
    expect(endings).toHaveLength(2);
    await endings[1]?.({ kind: 'done' });
    expect(await second).toEqual({ kind: 'done' });
  });

  it('handles different messages side by side', async () => {
    const ledger = new MemoryLedger();
    const { handle, endings } = manualHandle(ledger);
    const layered = deduplicate(ledger)(handle);
    const both = [layered(deliveryOf({ messageId: 'a' })), layered(deliveryOf({ messageId: 'b' }))];
    await turn();
    expect(endings).toHaveLength(2);
    for (const end of endings) await end({ kind: 'done' });
    await Promise.all(both);
  });

  it('postpones while the ledger is away, and handles nothing', async () => {
    const ledger = new MemoryLedger();
    ledger.available = false;
    const { handle, reached } = recordingHandle();
    const outcome = await deduplicate(ledger)(handle)(deliveryOf({}));
    expect(outcome).toEqual({ kind: 'postpone', error: new PlatformError('STATE_UNAVAILABLE') });
    expect(reached).toEqual([]);
  });

  it('is not stuck after a handle that threw', async () => {
    const ledger = new MemoryLedger();
    const layered = deduplicate(ledger)(async () => {
      throw new Error('a bug');
    });
    await expect(layered(deliveryOf({}))).rejects.toThrow('a bug');
    await expect(layered(deliveryOf({}))).rejects.toThrow('a bug');
  });
});
