import { describe, expect, it } from '@jest/globals';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import type { TaskValue } from '../../../workers/celery/protocol/value.ts';
import { add, call, chain, chord, fail, group, noting } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const boom: TaskValue = { exc_type: 'ValueError', exc_message: ['boom'], exc_module: 'builtins' };
const identity = call('identity');

const chordError = (text: TaskValue): TaskValue => ({
  FAILURE: { exc_type: 'ChordError', exc_message: [text], exc_module: 'celery.exceptions' },
});

describe('the failure of a task', () => {
  it('is the result of every later step of its chain', async () => {
    const worker = new SmallWorker();
    const tuple = await worker.send(chain([add(1, 1), fail, identity, identity]));
    const [[last, parent]] = tuple;
    expect(worker.resultOf(last)).toEqual({ FAILURE: boom });
    expect(worker.resultOf(parent?.[0][0] ?? '')).toEqual({ FAILURE: boom });
    expect(worker.callsOf('identity')).toEqual([]);
  });

  it('calls its errback with its id, once', async () => {
    const worker = new SmallWorker();
    const [[id]] = await worker.send(noting(fail));
    expect(worker.callsOf('note')).toEqual([[id]]);
  });

  it('calls the errback of its chain, once', async () => {
    const worker = new SmallWorker();
    await worker.send(noting(chain([add(1, 1), fail, identity])));
    const failed = worker.ran.find(({ task }) => task === 'fail');
    expect(worker.callsOf('note')).toEqual([[failed?.id]]);
  });

  it('calls an errback that was made immutable without its id', async () => {
    const worker = new SmallWorker();
    await worker.send(noting(fail, call('note', ['sorry'], { immutable: true })));
    expect(worker.callsOf('note')).toEqual([['sorry']]);
  });

  it('calls an errback of several parameters with the request and the exception', async () => {
    const worker = new SmallWorker({}, { arity: (task) => (task === 'note' ? 3 : undefined) });
    const [[id]] = await worker.send(noting(fail));
    expect(worker.callsOf('note')).toEqual([[expect.objectContaining({ id, task: 'fail' }), boom, null]]);
  });

  it('calls an errback that has all its arguments but one with the id', async () => {
    const worker = new SmallWorker({}, { arity: (task) => (task === 'note' ? 2 : undefined) });
    const [[id]] = await worker.send(noting(fail, call('note', ['for later'])));
    expect(worker.callsOf('note')).toEqual([[id, 'for later']]);
  });

  it('fails the body of its chord, and tells which part failed', async () => {
    const worker = new SmallWorker();
    const result = await worker.run(chord([add(1, 1), fail], identity));
    const failed = worker.ran.find(({ task }) => task === 'fail');
    expect(result).toEqual(chordError(`Dependency ${failed?.id} raised ValueError('boom')`));
    expect(worker.callsOf('identity')).toEqual([]);
  });

  it('calls the errback of the body of its chord with the id of the body', async () => {
    const worker = new SmallWorker();
    const [[id]] = await worker.send(chord([add(1, 1), fail], noting(identity)));
    expect(worker.callsOf('note')).toEqual([[id]]);
  });

  it('goes up through chords around its chord', async () => {
    const worker = new SmallWorker();
    const inner = chord([fail, add(1, 1)], identity);
    const result = await worker.run(chord([inner, add(2, 2)], noting(identity)));
    expect(JSON.stringify(result)).toMatch(/raised ChordError\(.*raised ValueError/);
    expect(worker.callsOf('note')).toHaveLength(1);
  });

  it.each([
    ['last', (inner: Signature) => [add(2, 2), inner]],
    ['first', (inner: Signature) => [inner, add(2, 2)]],
  ])('calls an errback that is linked to two chords once, with the inner one %s', async (_, headerOf) => {
    const worker = new SmallWorker();
    const errback = call('note', ['sorry'], { immutable: true });
    const inner = chord([fail, add(1, 1)], noting(identity, errback));
    const result = await worker.run(chord(headerOf(inner), noting(identity, errback)));
    expect(JSON.stringify(result)).toContain('ChordError');
    expect(worker.callsOf('note')).toEqual([['sorry']]);
  });

  it('fails every member of a group in place of a body with what the part raised', async () => {
    const worker = new SmallWorker();
    const result = await worker.run(chain([group([add(1, 1), fail]), group([identity, identity])]));
    expect(result).toEqual([{ FAILURE: boom }, { FAILURE: boom }]);
  });

  it('fails all steps of a chain that is the body of its chord', async () => {
    const worker = new SmallWorker();
    const [[last, parent]] = await worker.send(chain([group([fail, add(1, 1)]), identity, identity]));
    expect(JSON.stringify(worker.resultOf(last))).toContain('ChordError');
    expect(JSON.stringify(worker.resultOf(parent?.[0][0] ?? ''))).toContain('ChordError');
  });

  it('fails the chord that it comes before', async () => {
    const worker = new SmallWorker();
    expect(await worker.run(chain([add(1, 1), fail, chord([identity], identity)]))).toEqual({
      FAILURE: boom,
    });
  });

  it('counts for the chord that the rest of its chain is a part of', async () => {
    const worker = new SmallWorker();
    const result = await worker.run(chord([chain([fail, identity]), add(1, 1)], identity));
    expect(JSON.stringify(result)).toContain("raised ValueError('boom')");
  });

  it('counts for it as well where that rest ends in a chord', async () => {
    const worker = new SmallWorker();
    const ending = chain([fail, chord([identity, identity], identity)]);
    expect(JSON.stringify(await worker.run(chord([ending, add(1, 1)], identity)))).toContain('boom');
  });

  it('of an unknown task fails its chord too', async () => {
    const worker = new SmallWorker();
    const result = await worker.run(chord([call('nobody'), add(1, 1)], identity));
    expect(JSON.stringify(result)).toContain("raised NotRegistered('nobody')");
  });
});
