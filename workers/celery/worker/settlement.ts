import { constants } from 'node:os';
import type { Log } from '../../messaging/log.ts';
import type { CanvasDeps } from '../canvas/apply-signature.ts';
import { continueAfterSuccess } from '../canvas/continue-after.ts';
import { failDependents } from '../canvas/fail-dependents.ts';
import { finishChordPart } from '../canvas/finish-chord-part.ts';
import type { EventSink } from '../events/event-sink.ts';
import {
  exceptionDocument,
  exceptionRepr,
  TaskError,
  taskRevoked,
  timeLimitExceeded,
  workerLost,
} from '../protocol/exception.ts';
import { pythonRepr } from '../protocol/python-repr.ts';
import { encodeRetry } from '../protocol/task-message.ts';
import type { TaskValue } from '../protocol/value.ts';
import { isForGood } from '../sending.ts';
import { delayMessage } from './delayed-delivery.ts';
import type { Job } from './job.ts';
import type { Failure, Outcome } from './outcome.ts';
import { failureOf } from './run-task.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

export interface SettlementOptions {
  readonly canvas: CanvasDeps;
  readonly sink: EventSink;
  readonly emitter: TaskWorkerEmitter;
  readonly log: Log;
  /** Whether the broker can hold a message for this queue until its time. */
  readonly canDelay: (job: Job) => boolean;
}

/**
 * Makes durable what follows from an attempt, in Celery's order (celery/app/trace.py): what the task leads to is sent,
 * then its result is stored, then it counts as a part of its chord, and only then a late acknowledgement follows.
 */
export class Settlement {
  readonly #options: SettlementOptions;

  constructor(options: SettlementOptions) {
    this.#options = options;
  }

  /** @throws PlatformError where something cannot be made durable; the delivery is then not acknowledged */
  async settle(job: Job, outcome: Outcome): Promise<void> {
    switch (outcome.kind) {
      case 'success':
        return this.#succeed(job, outcome.value);
      case 'failure':
        return this.#fail(job, outcome);
      case 'retry':
        return this.#retry(job, outcome);
      case 'ignored':
        job.ack();
        this.#options.emitter.emit('ignored', ofTask(job));
        return;
      case 'rejected':
        return this.#reject(job, outcome);
      case 'timedOut':
        return this.#fail(job, bare(timeLimitExceeded(outcome.limit)), { requeue: true });
      case 'lost':
        return this.#lose(job, outcome.reason);
      case 'terminated':
        return this.revoke(job, 'terminated', outcome.signal);
      case 'cancelled':
        return this.#cancel(job);
    }
  }

  /** Ends a job that is not to run, or not to go on. @param signal what ended it while it ran */
  async revoke(job: Job, reason: 'expired' | 'revoked' | 'terminated', signal?: string): Promise<void> {
    const { canvas, sink, emitter } = this.#options;
    const { request } = job;
    const exception = exceptionDocument(taskRevoked(reason));
    const result = asValue(exception);
    if (!job.ignoresResult) {
      await canvas.backend.store({ id: request.id, state: 'REVOKED', result, request });
    }
    await finishChordPart(request, 'REVOKED', result, canvas);
    job.ack();
    sink.task('task-revoked', {
      uuid: request.id,
      terminated: reason === 'terminated',
      signum: signal === undefined ? null : signalNumber(signal),
      expired: reason === 'expired',
    });
    emitter.emit('revoked', { ...ofTask(job), reason });
  }

  /**
   * Ends a job that succeeded before and whose message came again. The worker may have died between the two steps, so
   * that its chord has to be told; one that knows the part already does not count it again.
   */
  async repeat(job: Job, value: TaskValue): Promise<void> {
    const { canvas, emitter } = this.#options;
    await finishChordPart(job.request, 'SUCCESS', value, canvas);
    job.ack();
    emitter.emit('duplicate', ofTask(job));
  }

  async #succeed(job: Job, value: TaskValue): Promise<void> {
    const { canvas, sink, emitter } = this.#options;
    const { request } = job;
    try {
      job.children.push(...(await continueAfterSuccess(request, value, canvas)));
    } catch (error) {
      if (!isForGood(error)) throw error;
      // What follows can never be sent, as when no queue takes it: then the task has not done its part.
      return this.#fail(job, failureOf(error));
    }
    if (!job.ignoresResult) {
      await canvas.backend.store({
        id: request.id,
        state: 'SUCCESS',
        result: value,
        children: job.children,
        request,
      });
    }
    await finishChordPart(request, 'SUCCESS', value, canvas);
    job.ack();
    const runtime = runtimeOf(job) ?? 0;
    sink.task('task-succeeded', { uuid: request.id, result: pythonRepr(value), runtime });
    emitter.emit('succeeded', { ...ofTask(job), runtimeSeconds: runtime });
  }

  /** @param options.requeue where a late acknowledgement is not given for failures: back to the queue rather than out of it */
  async #fail(
    job: Job,
    { exception, traceback }: Failure,
    options: { readonly requeue: boolean } = { requeue: false },
  ): Promise<void> {
    const { canvas, sink, emitter } = this.#options;
    const { request, task } = job;
    const result = asValue(exception);
    if (!job.ignoresResult) {
      await canvas.backend.store({
        id: request.id,
        state: 'FAILURE',
        result,
        children: job.children,
        request,
        ...(traceback === undefined ? {} : { traceback }),
      });
    }
    await finishChordPart(request, 'FAILURE', result, canvas);
    await failDependents(request, exception, traceback, canvas);
    if (job.acksLate && task.options.acksOnFailureOrTimeout === false) job.delivery.reject(options.requeue);
    else job.ack();
    sink.task('task-failed', {
      uuid: request.id,
      exception: exceptionRepr(exception),
      traceback: traceback ?? null,
    });
    emitter.emit('failed', { ...ofTask(job), exception, runtimeSeconds: runtimeOf(job) });
  }

  async #retry(job: Job, outcome: Extract<Outcome, { kind: 'retry' }>): Promise<void> {
    const { canvas, sink, emitter } = this.#options;
    const { request } = job;
    const { countdown, expires, exception, traceback, args, kwargs } = outcome;
    const message = encodeRetry(request, {
      queue: job.delivery.queue,
      eta: new Date(Date.now() + countdown * 1000),
      origin: canvas.origin,
      ...(expires === undefined ? {} : { expires: expires === null ? null : new Date(expires) }),
      ...(args === undefined ? {} : { args }),
      ...(kwargs === undefined ? {} : { kwargs }),
    });
    // All this before the next attempt is sent, lest it overwrites or follows what that one leads to.
    if (!job.ignoresResult) {
      await canvas.backend.store({
        id: request.id,
        state: 'RETRY',
        result: asValue(exception),
        children: [...job.children, [[request.id, null], null]],
        request,
        ...(traceback === undefined ? {} : { traceback }),
      });
    }
    sink.task('task-retried', {
      uuid: request.id,
      exception: exceptionRepr(exception),
      traceback: traceback ?? null,
    });
    const waitsAtBroker = countdown >= 1 && this.#options.canDelay(job);
    try {
      await canvas.sender.send(
        waitsAtBroker ? delayMessage(message, countdown, job.delivery.queue) : message,
      );
    } catch (error) {
      if (!isForGood(error)) throw error;
      return this.#fail(job, failureOf(error));
    }
    job.ack();
    emitter.emit('retried', { ...ofTask(job), exception });
  }

  async #reject(job: Job, { requeue, reason }: Extract<Outcome, { kind: 'rejected' }>): Promise<void> {
    const { canvas, sink, emitter, log } = this.#options;
    const { request } = job;
    if (job.acknowledged) {
      log.warn(
        { id: request.id, task: request.task },
        'a task rejected a message that was acknowledged already',
      );
    }
    if (!requeue) {
      const error = new TaskError('Reject', [reason, false], 'celery.exceptions');
      const result = asValue(exceptionDocument(error));
      if (!job.ignoresResult)
        await canvas.backend.store({ id: request.id, state: 'FAILURE', result, request });
      await finishChordPart(request, 'FAILURE', result, canvas);
    }
    job.delivery.reject(requeue);
    sink.task('task-rejected', { uuid: request.id, requeue });
    emitter.emit('rejected', { ...ofTask(job), requeue });
  }

  async #lose(job: Job, reason: string): Promise<void> {
    if (job.acksLate && job.task.options.rejectOnWorkerLost === true) {
      job.delivery.reject(true);
      this.#options.sink.task('task-rejected', { uuid: job.request.id, requeue: true });
      this.#options.emitter.emit('rejected', { ...ofTask(job), requeue: true });
      return;
    }
    await this.#fail(job, bare(workerLost(reason)));
  }

  /** Its message returns to the queue with the channel, unless it was acknowledged: then all that is left is to say so. */
  async #cancel(job: Job): Promise<void> {
    const { canvas, sink } = this.#options;
    const { request } = job;
    if (job.acknowledged && !job.ignoresResult) {
      const error = new TaskError('TaskCancelled', ['the worker was shut down'], 'smarteats');
      const result = asValue(exceptionDocument(error));
      await canvas.backend.store({ id: request.id, state: 'RETRY', result, request });
    }
    sink.task('task-cancelled', { uuid: request.id });
  }
}

/** What events of the worker say of a job. */
export function ofTask({ request, delivery }: Job) {
  return { id: request.id, task: request.task, queue: delivery.queue };
}

function bare(error: Error): Failure {
  return { exception: exceptionDocument(error), traceback: undefined };
}

/** An exception's document has the shape of a value. */
function asValue({ exc_type, exc_message, exc_module }: Failure['exception']): TaskValue {
  return { exc_type, exc_message, exc_module };
}

/** In seconds; undefined where it did not run. */
function runtimeOf({ startedAt }: Job): number | undefined {
  return startedAt === undefined ? undefined : (Date.now() - startedAt) / 1000;
}

function signalNumber(name: string): number | null {
  const numbers: Readonly<Record<string, number>> = constants.signals;
  return numbers[name] ?? null;
}
