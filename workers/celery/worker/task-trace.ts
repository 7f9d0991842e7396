import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { carriedBy } from '../../messaging/message-trace.ts';
import type { Job } from './job.ts';
import type { Outcome } from './outcome.ts';
import type { TaskCalls } from './task-context.ts';

/** Spans of tasks; nothing is recorded unless the process records traces. */
const tracer = trace.getTracer('smarteats.celery');

/** Outcomes that are no error of the task. */
const well: ReadonlySet<Outcome['kind']> = new Set(['success', 'ignored', 'cancelled']);

/**
 * Runs a task, and what follows from it, as a part of the trace that its message carries. Its headers are W3C's, as
 * OpenTelemetry's instrumentation of Python's Celery writes them.
 */
export function traceTask(job: Job, run: () => Promise<void>): Promise<void> {
  const { task, id, retries } = job.request;
  const attributes = {
    'messaging.system': 'rabbitmq',
    'messaging.operation.type': 'process',
    'messaging.destination.name': job.delivery.queue,
    'messaging.message.id': id,
    'celery.task_name': task,
    'celery.retries': retries,
  };
  const carried = carriedBy(job.delivery.message.properties.headers ?? {});
  return tracer.startActiveSpan(
    `run ${task}`,
    { kind: SpanKind.CONSUMER, attributes },
    carried,
    async (span) => {
      try {
        await run();
      } finally {
        span.end();
      }
    },
  );
}

/** Says in the span of a task how it ended. */
export function traceOutcome(outcome: Outcome): void {
  const span = trace.getActiveSpan();
  span?.setAttribute('celery.outcome', outcome.kind);
  if (!well.has(outcome.kind)) span?.setStatus({ code: SpanStatusCode.ERROR });
}

/** Calls that stay in the present trace: those of a thread come back without one. */
export function inPresentTrace(calls: TaskCalls): TaskCalls {
  const present = context.active();
  return {
    updateState: context.bind(present, calls.updateState),
    send: context.bind(present, calls.send),
    replace: context.bind(present, calls.replace),
    addToChord: context.bind(present, calls.addToChord),
  };
}
