/**
 * Runs the integration suite of Celery's newest release against our worker, on a RabbitMQ and a Redis of its own.
 * Arguments go to pytest; `--fresh` installs the newest release again.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { smartEats } from '../../../workers/platform/platform.ts';
import { type SharedBroker, sharedBrokerVariable, startOwnBroker } from '../../harness/broker.ts';
import { startTestRedis } from '../../harness/redis.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { installSuite, type SuiteInstallation } from './installation.ts';
import { type Outcomes, reportOf } from './outcomes.ts';
import { SuiteWorker } from './suite-worker.ts';

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  const fresh = args.includes('--fresh');
  let suite: SuiteInstallation;
  try {
    process.stdout.write('Installing the newest release of Celery with its tests ... ');
    suite = await installSuite({ fresh });
    console.log(suite.version);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    console.error(
      "Celery's suite did not run: it needs python3 with venv and pip, and Python's package index.",
    );
    return 1;
  }
  const pytest = args.filter((each) => each !== '--fresh');
  const outcomes = await runSuite(suite, pytest.length === 0 ? ['t/integration'] : pytest);
  const { lines, surprises } = reportOf(outcomes);
  console.log(lines.join('\n'));
  return surprises === 0 ? 0 : 1;
}

async function runSuite(suite: SuiteInstallation, args: readonly string[]): Promise<Outcomes> {
  const directory = await mkdtemp(join(tmpdir(), 'smarteats-celery-suite-'));
  const [broker, redis] = await Promise.all([startOwnBroker(smartEats), startTestRedis()]);
  const { user, password, ports, managementUrl } = broker.server;
  const shared: SharedBroker = { user, password, amqpPort: ports.amqp, managementUrl };
  process.env[sharedBrokerVariable] = JSON.stringify(shared);
  const env = {
    TEST_BROKER: (await bareVhost()).url,
    TEST_BACKEND: `${redis.url}/0`,
    REDIS_HOST: '127.0.0.1',
    REDIS_PORT: String(redis.port),
    NODENAME: `suite@${hostname()}`,
    CONCURRENCY: '1',
  };
  const worker = new SuiteWorker(env);
  try {
    await worker.ready();
    return await pytest(suite, args, { ...env, OUTCOMES: join(directory, 'outcomes.json') });
  } finally {
    await worker.stop();
    await Promise.all([broker.remove(), redis.remove()]);
    await rm(directory, { recursive: true });
  }
}

/** Without the plugin that runs failed tests again, which would hide what fails now and then. */
async function pytest(
  { python, directory }: SuiteInstallation,
  args: readonly string[],
  env: { readonly OUTCOMES: string } & NodeJS.ProcessEnv,
): Promise<Outcomes> {
  const plugins = ['-p', 'external_worker', '-p', 'no:cacheprovider', '-p', 'no:rerunfailures'];
  const options = [
    '-q',
    '--no-header',
    '--no-summary',
    '--tb=no',
    '--timeout=300',
    '-W',
    'ignore',
    '--continue-on-collection-errors',
  ];
  await execa(python, ['-m', 'pytest', ...plugins, ...options, ...args], {
    cwd: directory,
    env: {
      ...env,
      PATH: pathWith(python),
      PYTHONPATH: fileURLToPath(new URL('../python/', import.meta.url)),
    },
    stdio: 'inherit',
    reject: false,
  });
  if (!existsSync(env.OUTCOMES)) throw new Error('pytest has written no outcomes');
  // The plugin writes this.
  return JSON.parse(await readFile(env.OUTCOMES, 'utf8')) as Outcomes;
}

/** Some tests run the `celery` command. */
function pathWith(python: string): string {
  return [dirname(python), process.env['PATH'] ?? ''].join(delimiter);
}
