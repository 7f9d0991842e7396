import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { celeryMonitoring } from '../../../workers/celery/control/celery-monitoring.ts';
import { eventually } from '../../harness/eventually.ts';
import { ControlCaller } from '../control/control-caller.ts';
import { Bench, type TestWorker } from '../worker/test-worker.ts';
import { fuzzControl } from './control-messages.ts';
import { Random } from './random.ts';

/** `FUZZ_SEED` has the messages of another run again. */
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
const count = Number(process.env['FUZZ_CONTROL_MESSAGES'] ?? 5_000);

describe(`a worker that gets ${count} damaged requests of remote control (FUZZ_SEED=${seed})`, () => {
  const node = 'fuzzed@here';
  let bench: Bench;
  let worker: TestWorker;
  let caller: ControlCaller;

  beforeAll(async () => {
    bench = await Bench.set();
    caller = await ControlCaller.open(bench.vhost.url);
    worker = await bench.worker({ monitoring: celeryMonitoring, nodeName: node });
    await caller.reach([node]);
  });
  afterAll(async () => {
    await caller?.close();
    await bench?.clear();
  });

  it('answers the next good one, on the same connection, and goes on with its tasks', async () => {
    const random = new Random(seed);
    const subscribed = worker.told('subscribed').length;
    for (let number = 1; number <= count; number += 1) {
      const { content, properties } = fuzzControl(random);
      caller.send(content, properties);
      // Lets it come to the requests as they arrive.
      if (number % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await caller.answer(node, 'ping')).toEqual({ ok: 'pong' });
    expect(worker.told('lost')).toEqual([]);
    expect(worker.told('subscribed')).toHaveLength(subscribed);
    expect(worker.worker.health()).toMatchObject({ connected: true, active: 0 });
    await caller.answer(node, 'rate_limit', { task_name: 'tests.add', rate_limit: null });
    const id = await bench.send({ args: [20, 22] });
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 42 });
  });

  it('has refused many of them, and has said so', async () => {
    await eventually(() => {
      const told = worker.log.lines.map(({ message }) => message);
      const refused = told.filter((message) => message.includes('is refused'));
      const failed = told.filter((message) => message.includes('a command of remote control failed'));
      expect(refused.length).toBeGreaterThan(count / 20);
      expect(failed.length).toBeGreaterThan(count / 20);
    });
  });
});
