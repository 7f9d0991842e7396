import { describe, expect, it } from '@jest/globals';
import {
  chain,
  chord,
  chunks,
  group,
  onFailure,
  onSuccess,
  signature,
} from '../../../workers/celery/client/compose.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import { SmallWorker } from '../canvas/small-worker.ts';

const add = (...args: number[]) => signature('add', args);
const total = signature('sum');
const types = ({ kwargs }: Signature) =>
  (Array.isArray(kwargs['tasks']) ? kwargs['tasks'] : []).map(({ subtask_type }) => subtask_type);

describe('composing calls', () => {
  it('makes one chain of chains', () => {
    const composed = chain(chain(add(1, 1), add(2)), add(3), chain(add(4), add(5)));
    expect(types(composed)).toEqual([null, null, null, null, null]);
  });

  it('makes a chord of a group with something after it, and appends the rest to its body', () => {
    const composed = chain(group([add(1, 1), add(2, 2)]), total, add(1));
    expect(composed).toMatchObject({ subtask_type: 'chord', kwargs: { body: { subtask_type: 'chain' } } });
  });

  it('leaves the signatures that it is given as they are', () => {
    const first = group([add(1, 1), add(2, 2)]);
    const before = structuredClone(first);
    onSuccess(onFailure(chain(first, total), add(1)), add(2));
    expect(first).toEqual(before);
  });

  it.each([
    ['a chain', chain(add(1, 2), add(3)), 6],
    ['a group between steps', chain(add(1, 1), group([add(1), add(2)]), total), 7],
    ['groups one after the other', chain(group([add(1, 1)]), group([total, total])), [2, 2]],
    ['a chord', chord([add(1, 1), add(2, 2)], total), 6],
  ])('runs %s', async (_, composed, result) => {
    expect(await new SmallWorker().run(composed)).toEqual(result);
  });

  it('puts chunks into as many messages as are needed', async () => {
    const worker = new SmallWorker({ 'celery.starmap': (_, { request }) => request.kwargs['it'] ?? null });
    expect(
      await worker.run(
        chunks(
          add(),
          [
            [1, 1],
            [2, 2],
            [3, 3],
          ],
          2,
        ),
      ),
    ).toEqual([
      [
        [1, 1],
        [2, 2],
      ],
      [[3, 3]],
    ]);
  });

  it('calls callbacks of a chord after its body', async () => {
    const worker = new SmallWorker();
    await worker.run(onSuccess(chord([add(1, 1), add(2, 2)], total), signature('note')));
    expect(worker.callsOf('note')).toEqual([[6]]);
  });
});
