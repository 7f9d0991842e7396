import { Ignored, Rejected, type RetryRequest, RetryRequested } from '../outcomes.ts';
import { exceptionDocument, maxRetriesExceeded, TaskError } from '../protocol/exception.ts';
import { stringifyTaskJson } from '../protocol/json.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { Task, TaskContext } from '../task.ts';
import type { Failure, Outcome } from './outcome.ts';
import { retryArguments } from './retry-arguments.ts';
import { retryCountdown } from './retry-countdown.ts';
import { retryExpiry } from './retry-expiry.ts';

/** Celery's default of `max_retries`. */
const usualRetries = 3;

/** Runs one attempt and says how it ended; never fails. */
export async function runTask(task: Task, request: TaskRequest, context: TaskContext): Promise<Outcome> {
  try {
    const value = (await task.run(request.args, request.kwargs, context)) ?? null;
    return { kind: 'success', value: checkStorable(value) };
  } catch (error) {
    return outcomeOf(error, task, request);
  }
}

function outcomeOf(error: unknown, task: Task, request: TaskRequest): Outcome {
  if (error instanceof Ignored) return { kind: 'ignored' };
  if (error instanceof Rejected) return { kind: 'rejected', requeue: error.requeue, reason: error.message };
  if (error instanceof RetryRequested) return tryAgain(error.request, task, request, error);
  if (isWorthRetrying(error, task)) return tryAgain({ error: asError(error) }, task, request, error);
  return { kind: 'failure', ...failureOf(error) };
}

function isWorthRetrying(error: unknown, { options }: Task): boolean {
  return options.retry?.on?.(error) ?? false;
}

/** Another attempt, or the failure once there have been enough (celery/app/task.py, `Task.retry`). */
function tryAgain(wish: RetryRequest, task: Task, request: TaskRequest, thrown: unknown): Outcome {
  const { retry = {} } = task.options;
  const ownMost = retry.maxRetries === undefined ? usualRetries : retry.maxRetries;
  const most = wish.maxRetries === undefined ? ownMost : wish.maxRetries;
  if (most !== null && request.retries >= most) {
    const { error = maxRetriesExceeded(request) } = wish;
    return { kind: 'failure', ...failureOf(error) };
  }
  const expires = retryExpiry(wish.expires, Date.now());
  if (Number.isNaN(expires)) return { kind: 'failure', ...failureOf(noTime()) };
  const { args, kwargs } = retryArguments(task.parameters, request, wish);
  const reason = wish.error ?? new TaskError('Retry', ['Task can be retried'], 'celery.exceptions');
  return {
    kind: 'retry',
    countdown: wish.countdown ?? retryCountdown(retry, request.retries),
    expires,
    args,
    kwargs,
    exception: exceptionDocument(reason),
    traceback: stackOf(wish.error ?? thrown),
  };
}

/** As Celery refuses an expiry that is out of range (celery/app/amqp.py, `_verify_seconds`). */
function noTime(): TaskError {
  return new TaskError('ValueError', ['the next attempt cannot expire then: it is no time'], 'builtins');
}

/** A failure as it is stored. */
export function failureOf(error: unknown): Failure {
  return { exception: exceptionDocument(error), traceback: stackOf(error) };
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? (error.stack ?? `${error.name}: ${error.message}`) : undefined;
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/**
 * A result that cannot be written is the task's fault, and has to be found before anything follows from it.
 * @throws TaskError EncodeError
 */
function checkStorable(value: TaskValue): TaskValue {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  try {
    // Its type says that it is a text, yet a function or symbol has none.
    const text: unknown = stringifyTaskJson(value);
    if (typeof text === 'string') return value;
  } catch (error) {
    throw encodeError(asError(error).message);
  }
  throw encodeError(`a value of type ${typeof value} cannot be stored`);
}

function encodeError(message: string): TaskError {
  return new TaskError('EncodeError', [message], 'kombu.exceptions');
}
