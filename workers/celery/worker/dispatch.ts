import type { Log } from '../../messaging/log.ts';
import type { EventSink } from '../events/event-sink.ts';
import { decodeTask } from '../protocol/decode-task.ts';
import { MalformedTask } from '../protocol/malformed-task.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import { isForGood, type TaskSender } from '../sending.ts';
import type { Task } from '../task.ts';
import type { TaskDelivery } from './deliveries.ts';
import { holdUntil, planEta } from './eta-schedule.ts';
import { handOn } from './hand-on.ts';
import { Job } from './job.ts';
import type { JobRun } from './job-run.ts';
import type { Jobs } from './jobs.ts';
import { postponed } from './postpone.ts';
import type { Prefetch } from './prefetch.ts';
import type { QueueConsumer } from './queue-consumer.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { Refusal } from './refusal.ts';
import type { Revocations } from './revocations.ts';
import { ofTask, type Settlement } from './settlement.ts';
import type { Slots } from './slots.ts';
import { whyNotToRun } from './why-not-to-run.ts';
import type { TaskWorkerEmitter } from './worker-events.ts';

/**
 * A rate limit's line longer than this, in seconds, is not waited for in the worker, lest the broker ends the channel
 * (`consumer_timeout`). The message comes back after as long and joins the line as it is then.
 */
const longestLineSeconds = 600;

export interface DispatchOptions {
  readonly taskOf: (name: string) => Task | undefined;
  /** The queue of a task that this worker does not have. */
  readonly elsewhere: (name: string) => string | undefined;
  readonly limiterOf: (task: Task) => RateLimiter;
  readonly jobs: Jobs;
  readonly slots: Slots;
  readonly prefetch: Prefetch;
  readonly revocations: Revocations;
  readonly refusal: Refusal;
  readonly settlement: Settlement;
  readonly sender: TaskSender;
  readonly run: JobRun;
  readonly canDelay: (consumer: QueueConsumer) => boolean;
  readonly sink: EventSink;
  readonly emitter: TaskWorkerEmitter;
  readonly log: Log;
}

/**
 * Leads each message from its arrival to its run: decoded, not revoked and not expired, its time has come, its rate
 * limit allows it, a slot is free.
 */
export class Dispatch {
  readonly #options: DispatchOptions;
  #stopped = false;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  receive(delivery: TaskDelivery, consumer: QueueConsumer): void {
    if (this.#stopped) {
      delivery.giveBack();
      return;
    }
    const request = this.#decode(delivery);
    if (request === undefined) return;
    const task = this.#options.taskOf(request.task);
    if (task === undefined) {
      this.#guard(delivery, this.#withoutTask(delivery, request));
      return;
    }
    try {
      this.#accept(new Job({ request, task, delivery, consumer }));
    } catch (error) {
      // Nobody above could do more with it, and an error that nobody catches would end the process.
      this.#guard(delivery, Promise.reject(error));
    }
  }

  /** Lets nothing begin any more, and gives back what has not begun. @returns how many messages */
  stop(): number {
    this.#stopped = true;
    const pending = this.#options.jobs.pending();
    for (const job of pending) {
      this.#drop(job);
      job.delivery.giveBack();
    }
    return pending.length;
  }

  /** Ends jobs that have not begun as revoked. */
  async revoke(jobs: readonly Job[]): Promise<void> {
    await Promise.all(
      jobs
        .filter(({ isPending }) => isPending)
        .map((job) => {
          job.stopWaiting();
          return this.#revoke(job, 'revoked');
        }),
    );
  }

  #decode(delivery: TaskDelivery): TaskRequest | undefined {
    try {
      return decodeTask(delivery.message, delivery.queue);
    } catch (error) {
      const { refusal } = this.#options;
      if (error instanceof MalformedTask) this.#guard(delivery, refusal.malformed(delivery, error));
      else this.#guard(delivery, Promise.reject(error));
      return undefined;
    }
  }

  async #withoutTask(delivery: TaskDelivery, request: TaskRequest): Promise<void> {
    const { elsewhere, refusal, sender, log } = this.#options;
    const queue = elsewhere(request.task);
    // One that came from there already would go round for ever.
    if (queue !== undefined && queue !== delivery.queue && (await handOn(delivery, queue, { sender, log })))
      return;
    await refusal.unregistered(delivery, request);
  }

  #accept(job: Job): void {
    const { jobs, revocations, sink, emitter } = this.#options;
    jobs.add(job);
    job.delivery.lost.addEventListener('abort', () => {
      // One that runs goes on: its result counts, though its message comes again.
      if (job.isPending) this.#drop(job);
    });
    const reason = whyNotToRun(job.request, revocations);
    if (reason !== undefined) {
      void this.#revoke(job, reason);
      return;
    }
    const { request } = job;
    sink.task('task-received', {
      uuid: request.id,
      name: request.task,
      args: request.argsRepr,
      kwargs: request.kwargsRepr,
      root_id: request.rootId,
      parent_id: request.parentId ?? null,
      retries: request.retries,
      eta: request.etaText ?? null,
      expires: request.expires?.toISOString() ?? null,
    });
    emitter.emit('received', ofTask(job));
    this.#awaitTime(job);
  }

  #awaitTime(job: Job): void {
    const { eta } = job.request;
    const leftMs = eta === undefined ? 0 : eta.getTime() - Date.now();
    if (eta === undefined || leftMs <= 0) {
      this.#awaitRate(job);
      return;
    }
    const { prefetch, canDelay } = this.#options;
    const plan = planEta(job, leftMs, { canDelay: canDelay(job.consumer), prefetch });
    const hold = () => holdUntil(job, eta, prefetch, () => this.#awaitRate(job));
    if (plan === 'postpone') void this.#postpone(job, leftMs / 1000, hold);
    else hold();
  }

  #awaitRate(job: Job): void {
    const limiter = this.#options.limiterOf(job.task);
    if (!limiter.limited) {
      this.#awaitSlot(job);
      return;
    }
    job.phase = 'limited';
    const wait = () => {
      job.stopWaiting = limiter.enter(() => this.#awaitSlot(job));
    };
    const seconds = limiter.backlogSeconds;
    if (seconds > longestLineSeconds && this.#options.canDelay(job.consumer))
      void this.#postpone(job, longestLineSeconds, wait);
    else wait();
  }

  #awaitSlot(job: Job): void {
    job.phase = 'waiting';
    job.stopWaiting = this.#options.slots.enter((release) => {
      void this.#options.run.run(job, release);
    });
  }

  /**
   * Has the message wait at the broker instead: one that is neither lost nor twice there.
   * @param hold has it wait here, where the broker cannot be given it, such as for the size of its headers
   */
  async #postpone(job: Job, seconds: number, hold: () => void): Promise<void> {
    const { sender, jobs, log } = this.#options;
    const { phase } = job;
    job.phase = 'scheduled';
    try {
      await sender.send(postponed(job.delivery, seconds));
      job.delivery.ack();
    } catch (error) {
      if (isForGood(error) && job.delivery.open) {
        log.warn({ err: error, id: job.request.id }, 'a message cannot be put off and waits here');
        job.phase = phase;
        hold();
        return;
      }
      log.warn({ err: error, id: job.request.id }, 'a message could not be put off and is given back');
      job.delivery.reject(true);
    }
    jobs.delete(job);
  }

  async #revoke(job: Job, reason: 'expired' | 'revoked'): Promise<void> {
    job.phase = 'settling';
    await this.#guardWork(job.delivery, this.#options.settlement.revoke(job, reason));
    this.#options.jobs.delete(job);
  }

  #drop(job: Job): void {
    job.stopWaiting();
    this.#options.jobs.delete(job);
  }

  #guard(delivery: TaskDelivery, work: Promise<void>): void {
    void this.#guardWork(delivery, work);
  }

  /**
   * What cannot be made durable is given back; the broker counts how often, and gives it up in the end. What never can
   * goes to the dead letters at once.
   */
  async #guardWork(delivery: TaskDelivery, work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.#options.log.error({ err: error, queue: delivery.queue }, 'a message could not be settled');
      delivery.reject(!isForGood(error));
    }
  }
}
