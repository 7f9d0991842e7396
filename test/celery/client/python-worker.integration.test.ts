import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { AsyncResult, GroupResult } from '../../../workers/celery/client/async-result.ts';
import type { CeleryClient } from '../../../workers/celery/client/celery-client.ts';
import { chain, chord, group, onFailure, signature } from '../../../workers/celery/client/compose.ts';
import { connectCeleryClient } from '../../../workers/celery/client/connect-client.ts';
import type { Signature } from '../../../workers/celery/protocol/signature.ts';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import { ResultReader } from '../../../workers/celery/results/result-reader.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import type { TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';
import { describeEachCelery } from '../interop/each-celery.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { PythonWorker } from './python-worker.ts';

const add = (...args: number[]) => signature('add', args);
const total = signature('sum');
const identity = signature('identity');
const fail = signature('fail', [], { immutable: true });

describeEachCelery('a worker of Python', (python) => {
  let vhost: TestVhost;
  let redis: TestRedis;
  let state: RedisConnection;
  let reader: ResultReader;
  let worker: PythonWorker;
  let connected: ReturnType<typeof connectCeleryClient>;

  beforeAll(async () => {
    [vhost, redis] = await Promise.all([bareVhost(), startTestRedis()]);
    const log = new MemoryLog();
    state = new RedisConnection({ REDIS_URL: redis.url }, log);
    const backend = new RedisResultBackend(state, {});
    reader = new ResultReader(backend, { REDIS_URL: redis.url }, log);
    const connection = { url: vhost.url };
    connected = connectCeleryClient({ connection, backend, reader, tasks: {}, name: 'tests', log });
    worker = new PythonWorker({ python, broker: vhost.url, backend: redis.url });
  }, 60_000);

  afterAll(async () => {
    await worker.stop();
    await connected.close();
    await reader.close();
    await state.close();
    await Promise.all([vhost.drop(), redis.remove()]);
  });

  const send = (canvas: Signature): Promise<AsyncResult | GroupResult> => client().send(canvas);
  const client = (): CeleryClient<Record<never, never>> => connected.client;
  const patience = { timeoutMs: 45_000 };

  it.each([
    ['a call', add(1, 2), 3],
    ['a chain', chain(add(1, 2), add(3), add(4)), 10],
    ['a group', group([add(1, 1), add(2, 2)]), [2, 4]],
    ['a chord', chord([add(1, 1), add(2, 2)], total), 6],
    ['a group between steps', chain(add(1, 1), group([add(1), add(2)]), total, add(1)), 8],
    ['a chord in the header of a chord', chord([chord([add(1, 1)], total), add(3, 3)], total), 8],
    ['groups one after the other', chain(group([add(1, 1), add(2, 2)]), group([total, total])), [6, 6]],
    [
      'a header whose chains end in groups',
      chord(
        [chain(signature('identity', [1]), group([identity, identity])), signature('identity', [2])],
        identity,
      ),
      [[1, 1], 2],
    ],
    ['a task that it replaces by a chain', chord([signature('stand'), add(1, 1)], total), 9],
    ['an empty header', chord([], total), 0],
    [
      'a call whose headers hold numbers beyond a byte',
      signature('add', [1, 2], { options: { time_limit: 300, soft_time_limit: 240, priority: 5 } }),
      3,
    ],
  ])('runs %s that we send', async (_, canvas, result) => {
    expect(await (await send(canvas)).get(patience)).toEqual(result);
  });

  it('has its exceptions thrown here, with their arguments', async () => {
    const failed = await send(chain(add(1, 1), fail, add(1)));
    await expect(failed.get(patience)).rejects.toMatchObject({
      excType: 'ValueError',
      excMessage: ['boom', 42],
    });
  });

  it('calls the errback of the body of a chord that fails', async () => {
    const failed = await send(onFailure(chord([add(1, 1), fail], identity), signature('note')));
    await expect(failed.get(patience)).rejects.toMatchObject({ excType: 'ChordError' });
    await eventually(async () => {
      const noted = await state.run((commands) => commands.lrange('noted', 0, -1));
      expect(noted).toEqual([failed.id]);
    });
  });

  it('is waited for no longer than the caller wants', async () => {
    const never = await send(signature('add', [1, 1], { options: { countdown: 3600 } }));
    await expect(never.get({ timeoutMs: 50 })).rejects.toMatchObject({ code: 'TASK_RESULT_TIMEOUT' });
  });

  it('revokes a call that expired before it came to it', async () => {
    const late = signature('add', [1, 1], { options: { expires: '2020-01-01T00:00:00Z' } });
    await expect((await send(late)).get(patience)).rejects.toMatchObject({ excType: 'TaskRevokedError' });
  });
});
