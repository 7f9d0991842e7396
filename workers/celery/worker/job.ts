import type { RequestInfo } from '../control/worker-view.ts';
import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { Task } from '../task.ts';
import type { TaskDelivery } from './deliveries.ts';
import type { Outcome } from './outcome.ts';
import type { QueueConsumer } from './queue-consumer.ts';

/**
 * Where a job is on its way: `received` and then, as far as needed, `scheduled` (waits for its time), `limited` (waits
 * for a rate limit), `waiting` (for a free slot), `running`, `settling` (what follows from its outcome is made durable),
 * `done`.
 */
export type JobPhase = 'received' | 'scheduled' | 'limited' | 'waiting' | 'running' | 'settling' | 'done';

/** One request inside the worker. */
export class Job {
  readonly request: TaskRequest;
  readonly task: Task;
  readonly delivery: TaskDelivery;
  readonly consumer: QueueConsumer;
  /** What it sent while it ran. */
  readonly children: ResultTuple[] = [];
  /** Milliseconds since 1970. */
  readonly receivedAt = Date.now();
  phase: JobPhase = 'received';
  /** Milliseconds since 1970; undefined before it runs. */
  startedAt: number | undefined;
  acknowledged = false;
  /** Gives up what it waits for: its time or its turn. */
  stopWaiting: () => void = () => undefined;
  /** Resolves when the attempt is ended from outside, whatever the task does. */
  readonly cutShort: Promise<Outcome>;
  /** Ends the attempt from outside; only the first call counts. */
  readonly cut: (outcome: Outcome) => void;

  constructor(options: {
    readonly request: TaskRequest;
    readonly task: Task;
    readonly delivery: TaskDelivery;
    readonly consumer: QueueConsumer;
  }) {
    this.request = options.request;
    this.task = options.task;
    this.delivery = options.delivery;
    this.consumer = options.consumer;
    let cut: (outcome: Outcome) => void = () => undefined;
    this.cutShort = new Promise((resolve) => {
      cut = resolve;
    });
    this.cut = cut;
  }

  get acksLate(): boolean {
    return this.task.options.acksLate ?? true;
  }

  /** Whether nothing is to be stored of it; the message's word counts before the task's. */
  get ignoresResult(): boolean {
    return this.request.ignoreResult ?? this.task.options.ignoreResult ?? false;
  }

  /** Whether it has not begun, and so can be given back or revoked without further ado. */
  get isPending(): boolean {
    return (
      this.phase === 'received' ||
      this.phase === 'scheduled' ||
      this.phase === 'limited' ||
      this.phase === 'waiting'
    );
  }

  ack(): void {
    if (this.acknowledged) return;
    this.acknowledged = this.delivery.ack();
  }

  /** As remote control shows it. */
  info(pid: number): RequestInfo {
    return {
      request: this.request,
      startedAt: this.startedAt === undefined ? undefined : this.startedAt / 1000,
      acknowledged: this.acknowledged,
      pid: this.startedAt === undefined ? undefined : pid,
    };
  }
}
