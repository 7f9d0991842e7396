import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { signature } from '../../../workers/celery/client/compose.ts';
import { defineRawTask } from '../../../workers/celery/define-task.ts';
import { eventually } from '../../harness/eventually.ts';
import { tasks } from './fixtures/tasks.ts';
import { Bench } from './test-worker.ts';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
/** As a client that is traced writes it (W3C Trace Context): the trace, its span, and that it is recorded. */
const traceparent = `00-${traceId}-00f067aa0ba902b7-01`;

const calls = defineRawTask({
  name: 'tests.calls',
  run: async (_args, _kwargs, { send }) => {
    await send(signature('tests.add', [1, 2]));
    return null;
  },
});

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

let bench: Bench;
beforeAll(async () => {
  provider.register();
  bench = await Bench.set();
  await bench.worker({ tasks: [...tasks, calls] });
}, 120_000);
afterAll(async () => {
  await bench.clear();
  await provider.shutdown();
});

const spansOf = (id: string): readonly ReadableSpan[] =>
  exporter.getFinishedSpans().filter((span) => span.spanContext().traceId === id);
const named = (name: string) => spansOf(traceId).find((span) => span.name === name);

describe('the trace of a task', () => {
  it('goes on from the client through the worker to the task that it calls', async () => {
    await bench.send({ task: 'tests.calls', headers: { traceparent } });
    await eventually(() => expect(named('run tests.add')).toBeDefined());
    await eventually(() => expect(named('run tests.calls')).toBeDefined());
    expect(named('run tests.calls')?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(named('send celery')?.parentSpanContext?.spanId).toBe(
      named('run tests.calls')?.spanContext().spanId,
    );
    expect(named('run tests.add')?.parentSpanContext?.spanId).toBe(
      named('send celery')?.spanContext().spanId,
    );
  });

  it('says how the task ended', async () => {
    const failed = '5bf92f3577b34da6a3ce929d0e0e4736';
    await bench.send({ task: 'tests.fail', headers: { traceparent: `00-${failed}-00f067aa0ba902b7-01` } });
    await eventually(() => expect(spansOf(failed)).toHaveLength(1));
    const [span] = spansOf(failed);
    expect(span?.attributes).toMatchObject({ 'celery.task_name': 'tests.fail', 'celery.outcome': 'failure' });
    expect(span?.status.code).toBe(2);
  });

  it('has every attempt in it', async () => {
    const retried = '6bf92f3577b34da6a3ce929d0e0e4736';
    await bench.send({
      task: 'tests.try_until',
      args: [1],
      headers: { traceparent: `00-${retried}-00f067aa0ba902b7-01` },
    });
    const runs = () => spansOf(retried).filter(({ name }) => name === 'run tests.try_until');
    await eventually(() => expect(runs()).toHaveLength(2));
    expect(runs().map(({ attributes }) => attributes['celery.retries'])).toEqual([0, 1]);
  });

  it('goes through a wait at the broker', async () => {
    await bench.delayable();
    const delayed = '7bf92f3577b34da6a3ce929d0e0e4736';
    const eta = new Date(Date.now() + 61_000).toISOString();
    await bench.send({
      args: [1, 2],
      headers: { eta, traceparent: `00-${delayed}-00f067aa0ba902b7-01` },
    });
    // The worker does not hold what waits for longer than a minute, but sends it into the delayed delivery.
    await eventually(() => expect(spansOf(delayed).map(({ name }) => name)).toEqual(['send celery']));
    expect(spansOf(delayed)[0]?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
  });
});
