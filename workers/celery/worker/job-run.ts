import type { Log } from '../../messaging/log.ts';
import type { EventSink } from '../events/event-sink.ts';
import type { ResultBackend, ResultDocument } from '../results/result-backend.ts';
import { isForGood } from '../sending.ts';
import { execute } from './execution.ts';
import type { Gate } from './gate.ts';
import type { Job } from './job.ts';
import type { Jobs } from './jobs.ts';
import type { Outcome } from './outcome.ts';
import type { Revocations } from './revocations.ts';
import { failureOf } from './run-task.ts';
import type { Runner } from './runner.ts';
import { ofTask, type Settlement } from './settlement.ts';
import type { TaskCalls } from './task-context.ts';
import { inPresentTrace, traceOutcome, traceTask } from './task-trace.ts';
import type { TimeLimits } from './time-limits.ts';
import { whyNotToRun } from './why-not-to-run.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

export interface JobRunOptions {
  readonly backend: ResultBackend;
  readonly runnerOf: (job: Job) => Runner;
  readonly callsOf: (job: Job) => TaskCalls;
  readonly limits: TimeLimits;
  readonly jobs: Jobs;
  readonly revocations: Revocations;
  readonly settlement: Settlement;
  /** Closed while too many outcomes wait to be made durable. */
  readonly gate: Gate;
  readonly mostSettling: () => number;
  readonly hostname: string;
  readonly sink: EventSink;
  readonly emitter: TaskWorkerEmitter;
  readonly log: Log;
}

/** Runs one job in a slot and settles it; the slot is free once the task's code has ended. */
export class JobRun {
  readonly #options: JobRunOptions;
  #reopen: (() => void) | undefined;

  constructor(options: JobRunOptions) {
    this.#options = options;
  }

  /** Never fails. @param release gives the slot back; may be called more than once */
  run(job: Job, release: () => void): Promise<void> {
    return traceTask(job, () => this.#run(job, release));
  }

  async #run(job: Job, release: () => void): Promise<void> {
    const { jobs, log } = this.#options;
    job.phase = 'running';
    job.startedAt = Date.now();
    let over: Promise<void> = Promise.resolve();
    const leave = await jobs.enter(job);
    try {
      if (await this.#settledBefore(job)) return;
      const ended = await this.#execute(job);
      over = ended.over;
      traceOutcome(ended.outcome);
      void over.then(release);
      job.phase = 'settling';
      this.#watchSettling();
      await this.#options.settlement.settle(job, ended.outcome);
    } catch (error) {
      const { id, task } = job.request;
      log.error({ err: error, id, task }, 'what follows from a task could not be made durable');
      await this.#giveBack(job, error);
    } finally {
      leave();
      void over.then(release);
      jobs.delete(job);
      this.#watchSettling();
    }
  }

  /** To the queue, unless all other attempts would come to the same: then to the dead letters, as failed. */
  async #giveBack(job: Job, error: unknown): Promise<void> {
    const { backend, log } = this.#options;
    const { request, ignoresResult, delivery } = job;
    let again = !isForGood(error);
    if (!again && !ignoresResult) {
      const { exception, traceback } = failureOf(error);
      const more = traceback === undefined ? {} : { traceback };
      await backend
        .store({ id: request.id, state: 'FAILURE', result: { ...exception }, request, ...more })
        .catch((cause: unknown) => {
          log.error({ err: cause, id: request.id }, 'a failure could not be stored');
          again = true;
        });
    }
    delivery.reject(again);
  }

  /** Ends a job without a run where it must not or need not run. */
  async #settledBefore(job: Job): Promise<boolean> {
    const { revocations, settlement } = this.#options;
    const reason = whyNotToRun(job.request, revocations);
    if (reason !== undefined) {
      await settlement.revoke(job, reason);
      return true;
    }
    const before = await this.#successBefore(job);
    if (before === undefined) return false;
    await settlement.repeat(job, before.result);
    return true;
  }

  /** What a task that succeeded stored whose message came again (`worker_deduplicate_successful_tasks`). */
  async #successBefore({
    acksLate,
    ignoresResult,
    delivery,
    request,
  }: Job): Promise<ResultDocument | undefined> {
    if (!acksLate || ignoresResult || !delivery.message.fields.redelivered) return undefined;
    const stored = await this.#options.backend.read(request.id);
    return stored?.status === 'SUCCESS' ? stored : undefined;
  }

  async #execute(job: Job): Promise<{ readonly outcome: Outcome; readonly over: Promise<void> }> {
    const { backend, hostname, runnerOf, callsOf, limits } = this.#options;
    const { request, task } = job;
    if (task.options.trackStarted && !job.ignoresResult) {
      const result = { pid: process.pid, hostname };
      await backend.store({ id: request.id, state: 'STARTED', result, request });
    }
    const timeLimit = limits.ofRequest(task, request);
    try {
      return await execute(
        // The task is told the limits that are in force.
        { task, request: { ...request, timeLimit }, calls: inPresentTrace(callsOf(job)) },
        {
          runner: runnerOf(job),
          limits: timeLimit,
          cutShort: job.cutShort,
          onBegin: () => this.#begin(job),
        },
      );
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { outcome: { kind: 'lost', reason }, over: Promise.resolve() };
    }
  }

  #begin(job: Job): void {
    const { jobs, sink, emitter } = this.#options;
    const waitedSeconds = (Date.now() - job.receivedAt) / 1000;
    job.startedAt = Date.now();
    jobs.count(job);
    if (!job.acksLate) job.ack();
    sink.task('task-started', { uuid: job.request.id });
    emitter.emit('started', { ...ofTask(job), waitedSeconds });
  }

  /** Tasks may run faster than results can be stored; what waits for that stays bounded. */
  #watchSettling(): void {
    const { jobs, gate, mostSettling } = this.#options;
    const full = jobs.settling() >= mostSettling();
    if (full) this.#reopen ??= gate.close();
    else if (this.#reopen !== undefined) {
      const reopen = this.#reopen;
      this.#reopen = undefined;
      reopen();
    }
  }
}
