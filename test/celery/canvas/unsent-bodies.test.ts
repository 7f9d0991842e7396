import { describe, expect, it } from '@jest/globals';
import { finishChordPart } from '../../../workers/celery/canvas/finish-chord-part.ts';
import { type ErrorCode, PlatformError } from '../../../workers/platform/errors.ts';
import { call } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

/** A chord whose only part ends while its body cannot be sent. */
async function endPart(code: ErrorCode): Promise<SmallWorker> {
  const send = async () => {
    throw new PlatformError(code);
  };
  const worker = new SmallWorker({}, { sender: { send } });
  const chord = call('sum', [], { options: { task_id: 'body' } });
  await worker.backend.setChordSize('g1', 1);
  const member = { id: 'p1', group: 'g1', groupIndex: 0, chord };
  await finishChordPart(member, 'SUCCESS', 1, worker.deps);
  return worker;
}

describe('the body of a chord', () => {
  it('fails if no queue takes it, so that nobody waits for it', async () => {
    const worker = await endPart('PUBLISH_UNROUTABLE');
    expect(JSON.stringify(worker.resultOf('body'))).toContain('Callback error');
    expect(worker.backend.sizes.size).toBe(0);
  });

  it('is not given up while it can still be sent', async () => {
    await expect(endPart('PUBLISHER_CLOSED')).rejects.toMatchObject({ code: 'PUBLISHER_CLOSED' });
  });
});
