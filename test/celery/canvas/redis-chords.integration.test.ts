import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';
import { add, call, chain, chord, fail, group, noting } from './signatures.ts';
import { SmallWorker } from './small-worker.ts';

const total = call('sum');
const identity = call('identity');

describe('chords that Redis counts', () => {
  let redis: TestRedis;
  let state: RedisConnection;
  let backend: RedisResultBackend;

  beforeAll(async () => {
    redis = await startTestRedis();
    state = new RedisConnection({ REDIS_URL: redis.url }, new MemoryLog());
    backend = new RedisResultBackend(state, {});
  });
  afterAll(async () => {
    await state.close();
    await redis.remove();
  });

  it.each([
    ['a chord', chord([add(1, 1), add(2, 2)], total), 6],
    ['a chord in a header', chord([chord([add(1, 1), add(2, 2)], total), add(3, 3)], total), 12],
    ['a group in a chain', chain([add(1, 1), group([add(1), add(2)]), total, add(1)]), 8],
    [
      'a header whose chains end in groups',
      chord([chain([call('identity', [1]), group([identity, identity])]), call('identity', [2])], identity),
      [[1, 1], 2],
    ],
    ['a task that is replaced by a group', chord([call('stand'), add(4, 5)], identity), [[2, 4], 9]],
    ['a call that is added', chord([call('more'), add(0, 1)], total), 43],
  ])('come to their end: %s', async (_, canvas, result) => {
    const worker = new SmallWorker(
      {
        stand: (_args, calls) => calls.replace(group([add(1, 1), add(2, 2)])),
        more: async (_args, calls) => {
          await calls.addToChord(add(20, 22));
          return 0;
        },
      },
      { backend },
    );
    const [[id]] = await worker.send(canvas);
    expect(await backend.read(id)).toMatchObject({ status: 'SUCCESS', result });
  });

  it('fail up to the outermost, and call its errback once', async () => {
    const worker = new SmallWorker({}, { backend });
    const inner = chord([fail, add(1, 1)], identity);
    const [[id]] = await worker.send(chord([inner, add(2, 2)], noting(identity)));
    expect(await backend.read(id)).toMatchObject({ status: 'FAILURE', result: { exc_type: 'ChordError' } });
    expect(worker.callsOf('note')).toEqual([[id]]);
  });

  it('leave nothing behind that counted them', async () => {
    const [[, header]] = await new SmallWorker({}, { backend }).send(chord([add(1, 1), add(2, 2)], total));
    const keys = await state.run((commands) => commands.keys(`celery-taskset-meta-${header?.[0][0]}*`));
    expect(keys).toEqual([]);
  });
});
