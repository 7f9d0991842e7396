import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { Bench } from './test-worker.ts';

const program = fileURLToPath(new URL('./fixtures/worker-process.ts', import.meta.url));

describe('the process of a worker', () => {
  let bench: Bench;
  const running = new Set<ChildProcess>();

  beforeAll(async () => {
    bench = await Bench.set();
  });
  afterEach(() => {
    for (const each of running) each.kill('SIGKILL');
    running.clear();
  });
  afterAll(() => bench?.clear());

  /** Starts a worker, and a task in it that takes so long. */
  async function busyWorker(queue: string, task: string, ms: number, env: Record<string, string> = {}) {
    await bench.channel.assertQueue(queue, { durable: true });
    const worker = spawn(process.execPath, ['--import', 'tsx', program], {
      env: {
        ...process.env,
        ...env,
        BROKER_URL: bench.vhost.url,
        REDIS_URL: bench.redis.url,
        QUEUE: queue,
      },
      stdio: 'ignore',
    });
    running.add(worker);
    const id = await bench.send({ task, args: [ms], queue });
    const first = await bench.send({ args: [1, 2], queue });
    await bench.result(first);
    const exit = once(worker, 'exit');
    return { worker, id, exit };
  }

  it('finishes its task on SIGTERM, and ends with 0', async () => {
    const { worker, id, exit } = await busyWorker('terminated', 'tests.sleep', 2_000);
    worker.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
    expect(await bench.backend.read(id)).toMatchObject({ status: 'SUCCESS', result: 'rested' });
  });

  it('ends with 1 on SIGQUIT, whatever a thread does, and its message goes back', async () => {
    const { worker, id, exit } = await busyWorker('quit', 'tests.spin', 3_600_000);
    worker.kill('SIGQUIT');
    expect(await exit).toEqual([1, null]);
    expect(await bench.backend.read(id)).toBeUndefined();
    await eventually(async () => expect(await bench.depth('quit')).toEqual({ ready: 1, unacknowledged: 0 }));
  });

  it('gives a task some time where it is told so and SIGTERM means SIGQUIT', async () => {
    const env = { REMAP_SIGTERM: 'SIGQUIT', SOFT_SECONDS: '60' };
    const { worker, id, exit } = await busyWorker('remapped', 'tests.sleep', 2_000, env);
    worker.kill('SIGTERM');
    expect(await exit).toEqual([1, null]);
    expect(await bench.backend.read(id)).toMatchObject({ status: 'SUCCESS' });
  });

  it('leaves its message to the next when it is killed', async () => {
    const { worker, id, exit } = await busyWorker('killed', 'tests.sleep', 3_600_000);
    worker.kill('SIGKILL');
    await exit;
    const next = await bench.worker({ queues: [{ name: 'killed' }] });
    await eventually(() => expect(next.told('started').map((event) => event.id)).toEqual([id]));
  });
});
