import { Rejected } from '../../../workers/celery/outcomes.ts';
import { TaskError } from '../../../workers/celery/protocol/exception.ts';
import type { Task } from '../../../workers/celery/task.ts';
import { free, named, suiteError, valueError } from './suite-task.ts';

/** Python's class keeps only its first argument, and cannot be made again from that. */
const unpickleable = (foo = null as string | null) => suiteError('UnpickleableException', foo);

/** Tasks that fail, try again or send their message back. */
export const failingTasks: readonly Task[] = [
  free('fail', (args) => {
    throw suiteError('ExpectedException', 'Task expected to fail', ...args);
  }),
  free('raise_error', () => {
    throw valueError('deliberate error');
  }),
  named('fail_unpickleable', { needed: ['foo', 'bar'] }, ({ foo }) => {
    throw unpickleable(String(foo));
  }),
  named(
    'retry',
    { optional: { return_value: null } },
    ({ return_value = null }, { request, retry }) => {
      if (return_value !== null && request.retries >= 3) return return_value;
      return retry({ error: suiteError('ExpectedException'), countdown: 5 });
    },
    { retry: { delaySeconds: 1 } },
  ),
  named(
    'retry_unpickleable',
    { needed: ['foo', 'bar', 'retry_kwargs'] },
    ({ foo, retry_kwargs }, { retry }) => {
      const { countdown = 1, max_retries = 3 } = Object(retry_kwargs);
      return retry({ error: unpickleable(String(foo)), countdown, maxRetries: max_retries });
    },
  ),
  named(
    'retry_with_args_after_kwargs',
    { needed: ['foo', 'bar'], optional: { label: null } },
    ({ foo, bar, label = null }, { request, retry }) => {
      if (request.retries === 0) return retry({ args: [Number(foo) + 1, Number(bar) + 1], countdown: 0 });
      return { foo: foo ?? null, bar: bar ?? null, label, retries: request.retries, is_eager: false };
    },
    { retry: { maxRetries: 1 } },
  ),
  named(
    'retry_with_kwargs_after_args',
    { needed: ['foo', 'bar'] },
    ({ foo, bar }, { request, retry }) => {
      if (request.retries === 0) return retry({ kwargs: { foo: Number(foo) + 1 }, countdown: 0 });
      return { foo: foo ?? null, bar: bar ?? null, retries: request.retries, is_eager: false };
    },
    { retry: { maxRetries: 1 } },
  ),
  retriedOnce('retry_once', (request) => request.retries),
  retriedOnce('retry_once_priority', (request) => request.delivery.priority),
  retriedOnce('retry_once_headers', (request) => request.headers ?? null),
  retriedOnce('retry_once_ignore_result', (request) => request.retries, { ignoreResult: true, countdown: 0 }),
  retriedOnce('retry_once_with_result', (request) => request.retries, { countdown: 0 }),
  {
    ...named('auto_retry_class_task', {}, (_, { request }) => {
      if (request.retries > 0) return request.retries;
      throw valueError();
    }),
    name: 'auto_retry_class_task',
    options: {
      acksLate: false,
      retry: {
        maxRetries: 1,
        backoff: { factor: 1 },
        on: (error) => error instanceof TaskError && error.excType === 'ValueError',
      },
    },
  },
  free(
    'store_success_then_reject',
    async (_args, _kwargs, { request, updateState }) => {
      if (request.delivery.redelivered) return 'dedup-pass';
      await updateState('SUCCESS', 'first-pass');
      throw new Rejected('to come again', { requeue: true });
    },
    { acksLate: true },
  ),
  free(
    'reject_then_succeed',
    (_args, _kwargs, { request }) => {
      if (request.delivery.redelivered) return 'second-pass';
      throw new Rejected('to come again', { requeue: true });
    },
    { acksLate: true },
  ),
  free('reject_without_requeue', () => {
    throw new Rejected('rejected');
  }),
];

type Request = Parameters<Task['run']>[2]['request'];

/** A task that returns something of its request at its second attempt; the last arguments are for the retry. */
function retriedOnce(
  name: string,
  outcome: (request: Request) => Awaited<ReturnType<Task['run']>>,
  {
    countdown = 0.1,
    ignoreResult = false,
  }: { readonly countdown?: number; readonly ignoreResult?: boolean } = {},
): Task {
  return free(
    name,
    (_args, kwargs, { request, retry }) =>
      request.retries > 0
        ? outcome(request)
        : retry({
            countdown: Number(kwargs['countdown'] ?? countdown),
            maxRetries: Number(kwargs['max_retries'] ?? 1),
          }),
    { retry: { maxRetries: 1 }, ignoreResult },
  );
}
