import { expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost } from '../../harness/broker.ts';
import { describeWithPython } from './describe-with-python.ts';

describeWithPython(
  'a service in Python that knows nothing of quorum queues',
  (at) => {
    const run = (source: string) => at().python.run(source);
    const result = (canvas: string) => at().python.result(canvas);

    it('has its results through one', async () => {
      expect(await result('tasks.add.s(2, 3)')).toBe(5);
      expect(await result('chord([tasks.add.s(i, i) for i in range(3)], tasks.tsum.s())')).toBe(6);
      const path = `queues/${at().bench.vhost.vhost}/celery`;
      expect(await at().bench.vhost.json(path)).toMatchObject({ type: 'quorum' });
    });

    it('has calls wait for their time there, and again where they are retried', async () => {
      await at().bench.delayable();
      const timed = `
import time
start = time.monotonic()
[tasks.add.apply_async((1, 1), countdown=2).get(timeout=45), time.monotonic() - start >= 2]`;
      expect(await run(timed)).toEqual([2, true]);
      expect(await result('tasks.retry_once.s(countdown=1)')).toBe(1);
    });

    it('has calls rejected there until they come again', async () => {
      expect(await result('tasks.reject_then_succeed.s()')).toBe('second-pass');
    });
  },
  { makeVhost: () => freshVhost(smartEats) },
);
