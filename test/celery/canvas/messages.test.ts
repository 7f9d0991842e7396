import { describe, expect, it } from '@jest/globals';
import { applySignature, sendSignature } from '../../../workers/celery/canvas/apply-signature.ts';
import { TaggedValue } from '../../../workers/celery/protocol/value.ts';
import { add, call, chain, chord, fail, group, noting } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const total = call('sum');

async function sent(signature: Parameters<typeof applySignature>[0], options = {}) {
  const worker = new SmallWorker();
  await applySignature(signature, { options, rootId: 'root', parentId: 'parent' }, worker.deps);
  await worker.drain();
  return worker.ran;
}

describe('messages of a canvas', () => {
  it('carry the rest of a chain, last step first, and none for its end', async () => {
    const [first, second, third] = await sent(chain([add(1, 1), add(2), add(3)]));
    expect(first?.chain.map(({ args }) => args)).toEqual([[3], [2]]);
    expect([second?.chain.length, third?.chain.length]).toEqual([1, 0]);
  });

  it('have the ids that the results of a chain were given before', async () => {
    const worker = new SmallWorker();
    const [[last, parent]] = await worker.send(chain([add(1, 1), add(2)]));
    expect(worker.ran.map(({ id }) => id)).toEqual([parent?.[0][0], last]);
  });

  it('name the task before them as their parent, and the first as their root', async () => {
    const worker = new SmallWorker();
    await worker.send(chain([add(1, 1), add(2), group([add(3), add(4)])]));
    const [first, second, ...members] = worker.ran;
    expect(second).toMatchObject({ parentId: first?.id, rootId: first?.id });
    for (const member of members) expect(member).toMatchObject({ parentId: second?.id, rootId: first?.id });
  });

  it('number the members of a group', async () => {
    const members = await sent(group([add(1, 1), group([add(2, 2), add(3, 3)])]));
    expect(members.map(({ groupIndex }) => groupIndex)).toEqual([0, 1, 2]);
    expect(new Set(members.map((member) => member.group)).size).toBe(1);
  });

  it('carry the body of a chord with the id that its result has', async () => {
    const worker = new SmallWorker();
    const [[id, header]] = await worker.send(chord([add(1, 1), add(2, 2)], total));
    const parts = worker.ran.slice(0, 2);
    for (const part of parts) expect(part.chord?.options['task_id']).toBe(id);
    expect(header?.[1]?.map(([[member]]) => member)).toEqual(parts.map((part) => part.id));
    expect(parts.map(({ group: own }) => own)).toEqual([header?.[0][0], header?.[0][0]]);
  });

  it('have the part that ended last as the parent of the body, wherever the chord was sent from', async () => {
    const worker = new SmallWorker();
    await worker.send(chain([add(1, 1), chord([add(1), add(2)], total)]));
    const [first, , lastPart, body] = worker.ran;
    expect(body).toMatchObject({ task: 'sum', parentId: lastPart?.id, rootId: first?.id });
  });

  it('have stamps, each as an option says', async () => {
    const stamped = call('add', [1, 1], { options: { stamped_headers: ['team'], team: 'kitchen' } });
    const [message] = await sent(stamped, { stamped_headers: ['other'], other: 1 });
    expect(message?.stamps).toEqual({ team: 'kitchen' });
  });

  it('go to the queue of their options, or that of their task, and those of a map to that of its task', async () => {
    const worker = new SmallWorker({ 'celery.map': () => null }, { route: (task) => `queue of ${task}` });
    const map = {
      ...call('celery.map', [], { kwargs: { task: add(), it: [] } }),
      subtask_type: 'xmap',
    } as const;
    for (const each of [call('add', [1, 1], { options: { queue: 'grill' } }), add(1, 1), map])
      await worker.send(each);
    expect(worker.ran.map(({ delivery }) => delivery.queue)).toEqual([
      'grill',
      'queue of add',
      'queue of add',
    ]);
  });

  it('understand times as seconds, texts and tagged values', async () => {
    const at = '2099-01-02T03:04:05';
    const [text] = await sent(add(1, 1), { eta: `${at}+00:00`, expires: 3600 });
    const [tagged] = await sent(add(1, 1), { eta: new TaggedValue('datetime', at) });
    expect(text?.eta?.toISOString()).toBe('2099-01-02T03:04:05.000Z');
    expect(tagged?.eta).toEqual(text?.eta);
    expect((text?.expires?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_000_000);
    await expect(sent(add(1, 1), { eta: 'tomorrow' })).rejects.toMatchObject({ excType: 'ValueError' });
  });

  it('that are to be delayed are given to who can do that', async () => {
    const delays: number[] = [];
    const worker = new SmallWorker(
      {},
      {
        delay: (message, seconds) => {
          delays.push(seconds);
          return message;
        },
      },
    );
    await worker.send(call('add', [1, 1], { options: { countdown: 60 } }));
    expect(delays[0]).toBeCloseTo(60, 0);
  });
});

describe('the children of a task that sends', () => {
  it.each([
    ['a call itself', add(1, 1), [null]],
    ['the first step of a chain', chain([add(1, 1), add(2)]), [null]],
    ['the group', group([add(1, 1), add(2, 2)]), [2]],
    ['the header of a chord', chord([add(1, 1), add(2, 2)], total), [2]],
    ['the body of a chord without parts', chord([], total), [null]],
  ])('are %s', async (_, signature, members) => {
    const { children } = await sendSignature(signature, {}, new SmallWorker().deps);
    expect(children.map((child) => child[1]?.length ?? null)).toEqual(members);
  });

  it('are the errbacks, of the body of a chord that failed', async () => {
    const worker = new SmallWorker();
    const [[id]] = await worker.send(chord([fail], noting(call('identity'))));
    const note = worker.ran.find(({ task }) => task === 'note');
    expect(worker.backend.results.get(id)?.children[0]?.[1]).toEqual([[[note?.id, null], null]]);
  });

  it('are the callbacks and the next step, of a task that succeeded', async () => {
    const worker = new SmallWorker();
    const linked = call('add', [1, 1], { options: { link: [call('note'), call('note', [1])] } });
    await worker.send(chain([linked, add(2)]));
    const [first] = worker.ran;
    const children = worker.backend.results.get(first?.id ?? '')?.children;
    expect(children?.map((child) => child[1]?.length ?? null)).toEqual([2, null]);
  });
});
