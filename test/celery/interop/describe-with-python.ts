import { afterAll, beforeAll } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import type { TestVhost } from '../../harness/broker.ts';
import { closeSuiteRedis } from '../integration-worker/suite-redis.ts';
import { tasks } from '../integration-worker/tasks.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { describeEachCelery } from './each-celery.ts';
import { PythonCaller } from './python-caller.ts';

/** What tests with Python have at hand. */
export interface WithPython {
  readonly python: PythonCaller;
  readonly bench: Bench;
  readonly worker: TestWorker;
}

/** Describes what callers with Python's Celery see of our worker. */
export function describeWithPython(
  about: string,
  body: (at: () => WithPython) => void,
  { makeVhost = bareVhost }: { readonly makeVhost?: () => Promise<TestVhost> } = {},
): void {
  describeEachCelery(about, (program) => {
    let at: WithPython | undefined;

    beforeAll(async () => {
      const bench = await Bench.set(makeVhost);
      // Tasks find the Redis of the suite there.
      process.env['TEST_BACKEND'] = bench.redis.url;
      const worker = await bench.worker({ tasks, monitoring: celeryMonitoring });
      const python = new PythonCaller({ broker: bench.vhost.url, backend: bench.redis.url, python: program });
      at = { python, bench, worker };
    });

    afterAll(async () => {
      await at?.python.stop();
      await closeSuiteRedis();
      await at?.bench.clear();
    });

    body(() => {
      if (at === undefined) throw new Error('the bench is not set up');
      return at;
    });
  });
}
