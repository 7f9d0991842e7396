import { afterAll, beforeAll, describe } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { type CeleryInstallation, debianCelery, newestCelery } from '../celery-installations.ts';
import { closeSuiteRedis } from '../integration-worker/suite-redis.ts';
import { tasks } from '../integration-worker/tasks.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { PythonCaller } from './python-caller.ts';

/** What tests with Python have at hand. */
export interface WithPython {
  readonly python: PythonCaller;
  readonly bench: Bench;
  readonly worker: TestWorker;
}

const installations: readonly (readonly [string, CeleryInstallation | undefined, string])[] = [
  ['Debian', debianCelery(), 'python3-celery or python3-redis is not installed'],
  ['the newest', newestCelery(), 'npm run celery:integration-suite installs it'],
];

/**
 * Describes what callers with Python's Celery see of our worker: those with Debian's package, and those with the newest
 * release where it is installed. Where one is not, its tests are skipped, and their title says so.
 */
export function describeWithPython(
  about: string,
  body: (at: () => WithPython) => void,
  { concurrency = 4 }: { readonly concurrency?: number } = {},
): void {
  for (const [name, installation, reason] of installations) {
    const version = installation?.version ?? `(${reason}, so this did not run)`;
    const title = `${about}, with Celery of ${name}: ${version}`;
    if (installation === undefined) describe.skip(title, () => body(nothing));
    else describe(title, () => describeAt(installation, concurrency, body));
  }
}

function describeAt(
  { python: program }: CeleryInstallation,
  concurrency: number,
  body: (at: () => WithPython) => void,
): void {
  let at: WithPython | undefined;

  beforeAll(async () => {
    const bench = await Bench.set(bareVhost);
    // Tasks find the Redis of the suite there.
    process.env['TEST_BACKEND'] = bench.redis.url;
    const worker = await bench.worker({ tasks, concurrency, monitoring: celeryMonitoring });
    const python = new PythonCaller({ broker: bench.vhost.url, backend: bench.redis.url, python: program });
    at = { python, bench, worker };
  });

  afterAll(async () => {
    await at?.python.stop();
    await closeSuiteRedis();
    await at?.bench.clear();
  });

  body(() => at ?? nothing());
}

function nothing(): never {
  throw new Error('the bench is not set up');
}
