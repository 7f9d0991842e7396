import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { RedisResultBackend } from '../../../workers/celery/results/redis-result-backend.ts';
import { ResultReader } from '../../../workers/celery/results/result-reader.ts';
import { RedisConnection } from '../../../workers/state/redis-connection.ts';
import { startTestRedis, type TestRedis } from '../../harness/redis.ts';

const silent = { info: () => undefined, warn: () => undefined };

describe('results in Redis', () => {
  let server: TestRedis;
  let connection: RedisConnection;
  let redis: Redis;
  let backend: RedisResultBackend;
  let reader: ResultReader;

  beforeAll(async () => {
    server = await startTestRedis();
    connection = new RedisConnection({ REDIS_URL: server.url }, silent);
    redis = new Redis(server.url);
    backend = new RedisResultBackend(connection);
    reader = new ResultReader(backend, { REDIS_URL: server.url }, silent);
  });
  afterAll(async () => {
    await reader.close();
    await connection.close();
    redis.disconnect();
    await server.remove();
  });

  it('are stored under the key that Celery reads, for a day', async () => {
    expect(await backend.store({ id: 'a', state: 'SUCCESS', result: { x: 1 } })).toBe('stored');
    const document = JSON.parse((await redis.get('celery-task-meta-a')) ?? '');
    expect(document).toMatchObject({
      status: 'SUCCESS',
      result: { x: 1 },
      traceback: null,
      children: [],
      task_id: 'a',
    });
    expect(document.date_done).toMatch(/^\d{4}-.*\+00:00$/);
    expect(await redis.ttl('celery-task-meta-a')).toBeGreaterThan(86_000);
  });

  it('never take the place of a success, whoever wrote it', async () => {
    await redis.set('celery-task-meta-b', '{"status": "SUCCESS", "result": NaN}');
    expect(await backend.store({ id: 'b', state: 'FAILURE', result: null })).toBe('kept');
    await redis.set('celery-task-meta-c', '{"result": 1, "status": "SUCCESS"}');
    expect(await backend.store({ id: 'c', state: 'STARTED', result: null })).toBe('kept');
    expect((await backend.read('b'))?.status).toBe('SUCCESS');
  });

  it('do take the place of a failure and of progress', async () => {
    await backend.store({ id: 'd', state: 'PROGRESS', result: { done: 1 } });
    await backend.store({ id: 'd', state: 'FAILURE', result: null });
    expect(await backend.store({ id: 'd', state: 'SUCCESS', result: 2 })).toBe('stored');
    expect(await backend.read('d')).toMatchObject({ status: 'SUCCESS', result: 2 });
  });

  it('reach who waits, before and after they are there', async () => {
    const waiting = reader.wait('e', { timeoutMs: 20_000 });
    await backend.store({ id: 'e', state: 'STARTED', result: null });
    await backend.store({ id: 'e', state: 'SUCCESS', result: 'done', children: [[['child', null], null]] });
    expect(await waiting).toMatchObject({ result: 'done', children: [[['child', null], null]] });
    expect(await reader.wait('e', { timeoutMs: 20_000 })).toMatchObject({ result: 'done' });
  });

  it('are not waited for any longer than asked', async () => {
    await expect(reader.wait('never', { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TASK_RESULT_TIMEOUT',
    });
    const gone = new AbortController();
    const waiting = reader.wait('never', { timeoutMs: 60_000, signal: gone.signal });
    gone.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  describe('of chords', () => {
    const part = (group: string, index: number) => ({
      group,
      id: `${group}-${index}`,
      index,
      state: 'SUCCESS' as const,
      result: index,
    });

    it('come together once, for one of many who finish at once, in the order of the group', async () => {
      await backend.setChordSize('g', 50);
      const parts = Array.from({ length: 50 }, (_, index) => backend.addChordPart(part('g', 49 - index)));
      const complete = (await Promise.all(parts)).filter((each) => each !== undefined);
      expect(complete).toHaveLength(1);
      expect(complete[0]?.parts.map(({ result }) => result)).toEqual(Array.from({ length: 50 }, (_, i) => i));
    });

    it('do not count a part twice, and keep its first result', async () => {
      await backend.setChordSize('h', 2);
      await backend.addChordPart(part('h', 0));
      expect(await backend.addChordPart(part('h', 0))).toBeUndefined();
      expect(await backend.addChordPart({ ...part('h', 0), result: 'again' })).toBeUndefined();
      const complete = await backend.addChordPart(part('h', 1));
      expect(complete?.parts.map(({ result }) => result)).toEqual([0, 1]);
    });

    it('wait for the parts that were added since', async () => {
      await backend.setChordSize('i', 1);
      await backend.growChord('i', 1);
      expect(await backend.addChordPart(part('i', 0))).toBeUndefined();
      expect(await backend.addChordPart(part('i', 1))).toBeDefined();
    });

    it('are gone once the body has been sent', async () => {
      await backend.setChordSize('f', 1);
      const complete = await backend.addChordPart(part('f', 0));
      await backend.forgetChord('f', String(complete?.claim));
      expect(await redis.keys('celery-taskset-meta-f*')).toEqual([]);
    });
  });

  it('of groups can be restored', async () => {
    const tuple = [['grp', null], [[['m', null], null]]] as const;
    await backend.saveGroup('grp', tuple);
    expect(await backend.restoreGroup('grp')).toEqual(tuple);
    expect(await backend.restoreGroup('none')).toBeUndefined();
  });
});
