import { describe, expect, it } from '@jest/globals';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import { add, call, chain, chord, group } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const total = call('sum');
const identity = call('identity');

describe('a canvas that is run to its end', () => {
  const cases: readonly (readonly [name: string, canvas: Signature, result: TaskValue])[] = [
    ['a call', add(1, 2), 3],
    ['a chain', chain([add(1, 2), add(3), add(4)]), 10],
    ['a chain in a chain', chain([add(1, 2), chain([add(3), chain([add(4)])]), add(5)]), 15],
    ['an immutable step', chain([add(1, 2), { ...add(10, 20), immutable: true }, add(1)]), 31],
    ['a group', group([add(1, 1), add(2, 2)]), [2, 4]],
    ['an empty group', group([]), []],
    [
      'groups in a group, in order',
      group([add(1, 1), group([add(2, 2), add(3, 3)]), add(4, 4)]),
      [2, 4, 6, 8],
    ],
    ['a chord', chord([add(1, 1), add(2, 2)], total), 6],
    ['a chord whose header is a group', chord(group([add(1, 1), add(2, 2)]), total), 6],
    ['a chord with an empty header', chord([], total), 0],
    ['a chord with a chain for its body', chord([add(1, 1)], chain([total, add(10)])), 12],
    ['a chord in a header', chord([chord([add(1, 1), add(2, 2)], total), add(3, 3)], total), 12],
    ['a chord for a body', chord([add(1, 1)], chord([identity, identity], total)), 4],
    ['chains in a header, in order', chord([chain([add(1, 1), add(5)]), add(3, 3)], identity), [7, 6]],
    ['a group at the end of a chain', chain([add(1, 1), group([add(1), add(2)])]), [3, 4]],
    ['a group in a chain', chain([add(1, 1), group([add(1), add(2)]), total]), 7],
    ['a group of one in a chain', chain([add(1, 1), group([add(1)]), add(1)]), 4],
    ['a group and several steps', chain([group([add(1, 1), add(2, 2)]), total, add(1), add(1)]), 8],
    ['two groups', chain([group([add(1, 1), add(2, 2)]), group([total, total])]), [6, 6]],
    ['three groups', chain([group([add(1, 1)]), group([add(1), add(2)]), group([total, total]), total]), 14],
    ['a chord in a chain', chain([add(1, 1), chord([add(1), add(2)], total), add(1)]), 8],
    ['chords one after the other', chain([chord([add(1, 1)], total), chord([add(1), add(2)], total)]), 7],
    [
      'a header that ends in a group',
      chord([chain([call('identity', [42]), group([identity, identity])])], identity),
      [[42, 42]],
    ],
    [
      'a header that ends in a group, beside others',
      chord([chain([call('identity', [1]), group([identity, identity])]), call('identity', [2])], identity),
      [[1, 1], 2],
    ],
    ['a group of chains that end in groups', group([chain([add(1, 1), group([add(1), add(2)])])]), [3, 4]],
    [
      'chunks',
      {
        ...group([]),
        kwargs: {
          task: add(),
          it: [
            [1, 1],
            [2, 2],
            [3, 3],
          ],
          n: 2,
        },
        task: 'celery.chunks',
        subtask_type: 'chunks',
      },
      [[2, 4], [6]],
    ],
  ];

  it.each(cases)('%s', async (_, canvas, result) => {
    const worker = new SmallWorker({
      'celery.starmap': (_args, { request }) => {
        const { it } = request.kwargs;
        return (Array.isArray(it) ? it : []).map(([left, right]) => left + right);
      },
    });
    expect(await worker.run(canvas)).toEqual(result);
  });

  it('hands a nested header on to a later chord of the same shape when a worker expands it', async () => {
    const worker = new SmallWorker();
    const inner = chord([chain([identity, group([identity, add(1)])]), add(10)], identity);
    expect(await worker.run(chain([add(1, 1), inner]))).toEqual([[2, 3], 12]);
  });

  it('ends a chord whose size is unknown for no part that ends before all are sent', async () => {
    const worker = new SmallWorker();
    await worker.send(chord([add(1, 1), add(2, 2)], total));
    expect(worker.callsOf('sum')).toEqual([[[2, 4]]]);
    expect(worker.backend.sizes.size).toBe(0);
  });
});
