import type { Task } from '../../task.ts';
import type { Command, Commands } from '../command.ts';
import type { WorkerView } from '../worker-view.ts';

/** What Celery shows of a task unless asked for something else (`DEFAULT_TASK_INFO_ITEMS`). */
const usualAttributes = ['exchange', 'routing_key', 'rate_limit'];

const registered: Command = ({ view }, args) => {
  const attributes = args.optionalTexts('taskinfoitems') ?? [];
  const wanted = attributes.length === 0 ? usualAttributes : attributes;
  return view
    .tasks()
    .filter(({ name }) => args.flag('builtins') || !name.startsWith('celery.'))
    .map((task) => lineOf(view, task, wanted))
    .sort();
};

/** The tasks of a worker; under Celery's old name too. */
export const registry: Commands = { registered, dump_tasks: registered };

/** `tests.add [rate_limit=10/m time_limit=30]`; what is not set is left out. */
function lineOf(view: WorkerView, task: Task, attributes: readonly string[]): string {
  const values = attributesOf(view, task);
  const shown = attributes
    .filter((name) => Object.hasOwn(values, name) && values[name] !== undefined)
    .map((name) => `${name}=${values[name]}`);
  return shown.length === 0 ? task.name : `${task.name} [${shown.join(' ')}]`;
}

/** By Celery's names, as Python writes them. */
function attributesOf(view: WorkerView, { name, options }: Task): Readonly<Record<string, unknown>> {
  const { rate, soft, hard } = view.limitsOf(name);
  const { maxRetries = 3, delaySeconds = 180 } = options.retry ?? {};
  return {
    name,
    queue: options.queue,
    rate_limit: rate,
    time_limit: hard,
    soft_time_limit: soft,
    max_retries: maxRetries ?? 'None',
    default_retry_delay: delaySeconds,
    acks_late: python(options.acksLate ?? true),
    ignore_result: python(options.ignoreResult ?? false),
    track_started: python(options.trackStarted ?? false),
    acks_on_failure_or_timeout: python(options.acksOnFailureOrTimeout ?? true),
    reject_on_worker_lost: python(options.rejectOnWorkerLost ?? false),
  };
}

function python(flag: boolean): string {
  return flag ? 'True' : 'False';
}
