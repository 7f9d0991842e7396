import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { tasks } from '../integration-worker/tasks.ts';
import { bareVhost } from '../worker/broker-fixtures.ts';
import { Bench } from '../worker/test-worker.ts';
import { describeEachCelery } from './each-celery.ts';
import { PythonCaller } from './python-caller.ts';

describeEachCelery('a queue that Python made for priorities', (program) => {
  let bench: Bench;
  let python: PythonCaller;

  beforeAll(async () => {
    bench = await Bench.set(bareVhost);
    python = new PythonCaller({ broker: bench.vhost.url, backend: bench.redis.url, python: program });
  });

  afterAll(async () => {
    await python.stop();
    await bench.clear();
  });

  it('is worked through by priority, highest first', async () => {
    const priorities = [0, 3, 9, 1, 5, 9];
    const ids = await python.run(`
from kombu import Queue
app.conf.task_queues = [Queue("urgent", queue_arguments={"x-max-priority": 10})]
calls = [tasks.return_priority.apply_async(priority=each, queue="urgent") for each in ${JSON.stringify(priorities)}]
[each.id for each in calls]`);
    await eventually(async () => expect(await bench.waiting('urgent')).toBe(priorities.length));
    const worker = await bench.worker({
      tasks,
      queues: [{ name: 'urgent' }],
      concurrency: 1,
      prefetchMultiplier: 1,
    });
    const results = await python.run('[each.get(timeout=45) for each in calls]');
    expect(results).toEqual(priorities.map((each) => `Priority: ${each}`));
    // The script writes a list of ids.
    const sent = ids as readonly string[];
    const order = worker.told('started').map(({ id }) => priorities[sent.indexOf(id)]);
    expect(order).toEqual([9, 9, 5, 3, 1, 0]);
  });
});
