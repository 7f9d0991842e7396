import { expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { describeWithPython } from './describe-with-python.ts';

describeWithPython('a canvas from Python', (at) => {
  const run = (source: string) => at().python.run(source);
  const result = (canvas: string) => at().python.result(canvas);
  const echoed = (key: string) =>
    run(`[each.decode() for each in app.backend.client.lrange("${key}", 0, -1)]`);

  it.each([
    ['a chain', 'tasks.add.s(1, 1) | tasks.add.s(2) | tasks.add.s(3)', 7],
    ['a chain with a step that takes no result', 'tasks.add.s(1, 1) | tasks.add.si(5, 5)', 10],
    ['a group', 'group(tasks.add.s(i, i) for i in range(4))', [0, 2, 4, 6]],
    [
      'a group in a group',
      'group(group(tasks.add.s(1, 1), tasks.add.s(2, 2)), tasks.add.s(3, 3))',
      [2, 4, 6],
    ],
    ['a chain that ends in a group', 'tasks.add.s(1, 1) | group(tasks.add.s(1), tasks.add.s(2))', [3, 4]],
    ['a chord', 'chord([tasks.add.s(1, 1), tasks.add.s(2, 2)], tasks.tsum.s())', 6],
    ['a chord of one', 'chord([tasks.add.s(1, 1)], tasks.tsum.s())', 2],
    [
      'a group between two steps',
      'tasks.add.s(1, 1) | group(tasks.add.s(1), tasks.add.s(2)) | tasks.tsum.s()',
      7,
    ],
    [
      'a chord in a header',
      'chord([chord([tasks.add.s(1, 1)], tasks.tsum.s()), tasks.add.s(3, 3)], tasks.tsum.s())',
      8,
    ],
    [
      'chains in a header',
      'chord([tasks.add.s(1, 1) | tasks.add.s(5), tasks.add.s(3, 3)], tasks.identity.s())',
      [7, 6],
    ],
    [
      'a chain for a body',
      'chord([tasks.add.s(1, 1), tasks.add.s(2, 2)], tasks.tsum.s() | tasks.add.s(10))',
      16,
    ],
    [
      'a chord for a body',
      'chord([tasks.add.s(1, 1)], chord([tasks.identity.s(), tasks.identity.s()], tasks.xsum.s()))',
      4,
    ],
    ['a task in whose place a group runs', 'tasks.add_to_all.s([1, 2, 3], 10)', [11, 12, 13]],
    ['a task in whose place a chain runs', 'tasks.add_replaced_with_chain.s(3, 4) | tasks.add.s(5)', 12],
    ['a map', 'tasks.tsum.map([[1, 2], [3, 4]])', [3, 7]],
    ['a starmap', 'tasks.add.starmap([(1, 2), (3, 4)])', [3, 7]],
    ['chunks', 'tasks.add.chunks([(i, i) for i in range(5)], 2).group()', [[0, 2], [4, 6], [8]]],
  ])('has its result: %s', async (_, canvas, expected) => {
    expect(await result(canvas)).toEqual(expected);
  });

  it('has the results of two groups one after the other', async () => {
    // Asked for rather than waited for, in which Celery 5.2 never succeeds here, with workers of its own neither.
    await run(`
ends = (tasks.add.s(1, 1) | group(tasks.add.s(1), tasks.add.s(2)) | group(tasks.tsum.s(), tasks.xsum.s())).apply_async()
1`);
    await eventually(async () => expect(await run('[each.result for each in ends.results]')).toEqual([7, 7]));
  });

  it('has the results of a chord in the order of its header, whichever part ends first', async () => {
    const parts = '[tasks.delayed_sum.s([i], pause_time=(4 - i) / 4) for i in range(5)]';
    expect(await result(`chord(${parts}, tasks.identity.s())`)).toEqual([0, 1, 2, 3, 4]);
  });

  it('adds to a chord that is running', async () => {
    const grows = 'chord([tasks.add.s(0, 0), tasks.add_to_all_to_chord.s([1, 2, 3], 4)], tasks.identity.s())';
    const parts = await result(grows);
    expect([...(parts as readonly number[])].sort((a, b) => a - b)).toEqual([0, 0, 5, 6, 7]);
  });

  it('knows each of its tasks by the root and the parent', async () => {
    const family = `
last = (tasks.ids.si(1) | tasks.ids.si(2)).apply_async()
[last.get(timeout=45), last.parent.get(timeout=45), last.parent.id]`;
    const [second, first, id] = (await run(family)) as readonly [
      readonly unknown[],
      readonly unknown[],
      string,
    ];
    expect(first).toEqual([id, null, 1]);
    expect(second).toEqual([id, id, 2]);
  });

  it('knows what a task sent', async () => {
    const sent = `
sender = tasks.chain_add.delay(2, 3)
sender.get(timeout=45)
[value for _, value in sender.collect(timeout=45)]`;
    expect(await run(sent)).toEqual([null, 4, 7]);
  });

  it('fails as a whole with the failure of a step, and knows the step', async () => {
    const failing = `
last = (tasks.add.s(1, 1) | tasks.fail.si("here") | tasks.add.s(1)).apply_async()
last.get(timeout=45, propagate=False)
[last.state, type(last.result).__name__, last.parent.state, last.parent.parent.state]`;
    expect(await run(failing)).toEqual(['FAILURE', 'ExpectedException', 'FAILURE', 'SUCCESS']);
  });

  it('fails with a ChordError where a part of its header fails', async () => {
    const failing = `
body = chord([tasks.add.s(1, 1), tasks.raise_error.si()], tasks.identity.s()).apply_async()
body.get(timeout=45, propagate=False, disable_sync_subtasks=False)
[body.state, type(body.result).__name__, str(body.result)]`;
    expect(await run(failing)).toEqual([
      'FAILURE',
      'ChordError',
      expect.stringMatching(/^Dependency .* raised ValueError\('deliberate error'\)$/),
    ]);
  });

  it('calls what is linked to a task, with its result or its id', async () => {
    const linked = `
one = tasks.add.s(1, 1)
one.link(tasks.redis_echo.s(redis_key="linked"))
one.apply_async().get(timeout=45)`;
    expect(await run(linked)).toBe(2);
    await eventually(async () => expect(await echoed('linked')).toEqual(['2']));
    const id = await run(`
failing = tasks.raise_error.si().apply_async(link_error=tasks.errback_old_style.s())
failing.id`);
    await eventually(async () => expect(await run(`app.backend.client.get("${id}")`)).toBe("b'1'"));
  });

  it('calls the errback of its body once where several parts of its header fail', async () => {
    await run(`
body = tasks.identity.s()
body.link_error(tasks.redis_echo.si("sorry", redis_key="errbacks"))
chord([tasks.raise_error.si(), tasks.raise_error.si(), tasks.add.s(1, 1)], body).apply_async().id`);
    await eventually(async () => expect(await echoed('errbacks')).toEqual(['sorry']));
    await expect(result('tasks.sleeping.s(1)')).resolves.toBeNull();
    expect(await echoed('errbacks')).toEqual(['sorry']);
  });

  it('is revoked as a whole by a part of its header that is revoked', async () => {
    // Near enough for the worker to keep it: what waits at the broker is revoked when it comes.
    const revoked = `
waiting = tasks.add.si(1, 1).set(countdown=55)
body = chord([waiting, tasks.add.s(2, 2)], tasks.identity.s()).apply_async()
body.parent.results[0].revoke()
body.get(timeout=45, propagate=False, disable_sync_subtasks=False)
[body.state, type(body.result).__name__, body.parent.results[0].state]`;
    expect(await run(revoked)).toEqual(['FAILURE', 'ChordError', 'REVOKED']);
  });
});
