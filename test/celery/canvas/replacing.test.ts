import { describe, expect, it } from '@jest/globals';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import { add, call, chain, chord, fail, group, noting } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const identity = call('identity');
const total = call('sum');

/** A worker with a task that is replaced. */
function replacing(replacement: Signature): SmallWorker {
  return new SmallWorker({ stand: (_, calls) => calls.replace(replacement) });
}

const stand = call('stand', [], { immutable: true });

describe('a replaced task', () => {
  it.each([
    ['a call', add(1, 2), 3],
    ['a chain', chain([add(1, 2), add(3)]), 6],
    ['a group', group([add(1, 1), add(2, 2)]), [2, 4]],
    ['a chord', chord([add(1, 1), add(2, 2)], total), 6],
    ['a chain with a group', chain([add(1, 1), group([add(1), add(2)]), total]), 7],
    ['a chain that ends in a group', chain([add(1, 1), group([add(1), add(2)])]), [3, 4]],
    ['a group of one', group([add(1, 1)]), [2]],
  ])('has the result of %s under its own id', async (_, replacement, result) => {
    expect(await replacing(replacement).run(stand)).toEqual(result);
  });

  it.each([
    ['a call', add(1, 2), 13],
    ['a chain', chain([add(1, 2), add(3)]), 16],
    ['a chord', chord([add(1, 1), add(2, 2)], total), 16],
  ])('goes on with its chain after %s', async (_, replacement, result) => {
    expect(await replacing(replacement).run(chain([stand, add(10)]))).toBe(result);
  });

  it('goes on with its chain after a group', async () => {
    const worker = replacing(group([add(1, 1), add(2, 2)]));
    expect(await worker.run(chain([stand, total, add(1)]))).toBe(7);
  });

  it.each([
    ['a call', add(1, 2), [3, 9]],
    ['a chain', chain([add(1, 2), add(3)]), [6, 9]],
    ['a group', group([add(1, 1), add(2, 2)]), [[2, 4], 9]],
    ['a chain that ends in a group', chain([add(1, 1), group([add(1), add(2)])]), [[3, 4], 9]],
    ['a chord', chord([add(1, 1), add(2, 2)], total), [6, 9]],
  ])('keeps its place in a chord with %s', async (_, replacement, result) => {
    expect(await replacing(replacement).run(chord([stand, add(4, 5)], identity))).toEqual(result);
  });

  it.each([
    ['a call', identity],
    ['a chain', chain([add(1, 2), add(3)])],
    ['a chord', chord([add(1, 1)], total)],
    ['a group', group([add(1, 1), add(2, 2)])],
  ])('leaves its callbacks to %s', async (_, replacement) => {
    const worker = replacing(replacement);
    await worker.run({ ...stand, options: { link: [call('note', ['linked'])] } });
    expect(worker.callsOf('note')).toHaveLength(1);
  });

  it.each([
    ['a call', fail],
    ['a chain', chain([add(1, 2), fail, identity])],
    ['a chord', chord([fail, add(1, 1)], total)],
    ['a group', group([fail, add(2, 2)])],
  ])('leaves its errbacks to %s', async (_, replacement) => {
    const worker = replacing(replacement);
    await worker.run(noting(stand));
    expect(worker.callsOf('note')).toHaveLength(1);
  });

  it('fails its chord if what stands for it fails', async () => {
    const result = await replacing(chain([add(1, 1), fail])).run(chord([stand, add(1, 1)], identity));
    expect(JSON.stringify(result)).toContain("raised ValueError('boom')");
  });

  it('says how often it was replaced', async () => {
    const worker = replacing(chain([add(1, 2), add(3)]));
    await worker.run(chain([stand, identity]));
    expect(worker.ran.map(({ task, replacedTaskNesting }) => [task, replacedTaskNesting])).toEqual([
      ['stand', 0],
      ['add', 1],
      ['add', 1],
      ['identity', 1],
    ]);
  });

  it('cannot be replaced by a part of a chord or by an empty chain', async () => {
    const part = call('identity', [1], { options: { chord: identity } });
    expect(JSON.stringify(await replacing(part).run(stand))).toContain('ImproperlyConfigured');
    expect(JSON.stringify(await replacing(chain([])).run(stand))).toContain('ImproperlyConfigured');
  });
});

describe('a call that is added to a chord', () => {
  const adding = (signature: Signature) =>
    new SmallWorker({
      more: async (_, calls) => {
        await calls.addToChord(signature);
        return 0;
      },
    });

  it.each([
    ['a call', add(20, 22), 43],
    ['a chain', chain([add(20, 2), add(20)]), 43],
    ['a group', group([add(20, 2), add(10, 10)]), 43],
    ['a chord', chord([add(20, 2), add(10, 10)], total), 43],
  ])('delays the body until %s has ended', async (_, signature, result) => {
    expect(await adding(signature).run(chord([call('more'), add(0, 1)], total))).toBe(result);
  });

  it('is refused outside of a chord', async () => {
    const result = await adding(add(1, 1)).run(call('more'));
    expect(JSON.stringify(result)).toContain('Current task is not member of any chord');
  });
});

describe('the stamps of a replaced task', () => {
  it('are kept, beside those of what stands for it', async () => {
    const stamped = (task: string, name: string) =>
      call(task, [1], { options: { stamped_headers: [name], [name]: task } });
    const worker = replacing(stamped('identity', 'mine'));
    await worker.run(stamped('stand', 'theirs'));
    expect(worker.ran.at(-1)?.stamps).toEqual({ mine: 'identity', theirs: 'stand' });
  });
});
