import type { z } from 'zod';
import type { TaskValue } from '../celery/protocol/value.ts';
import type { TaskContext, TaskOptions, TypedTask } from '../celery/task.ts';
import { type ErrorCode, PlatformError } from '../platform/errors.ts';
import { type TaskDeclaration, type TaskName, tasks } from '../platform/tasks.ts';

type ParametersOf<Name extends TaskName> = (typeof tasks)[Name]['parameters'];

/**
 * Makes a declared task one that a worker can run: name, queue, parameters, limits and retries are those of its
 * declaration. Only errors that may pass lead to another attempt.
 */
export function declaredTask<Name extends TaskName, Result extends TaskValue>(
  name: Name,
  run: (args: z.output<ParametersOf<Name>>, context: TaskContext) => Promise<Result>,
): TypedTask<ParametersOf<Name>, Result> {
  return { name, parameters: tasks[name].parameters, ...optionsOf(tasks[name]), run };
}

function optionsOf({
  queue,
  maxRetries = 3,
  limits,
  rate,
  thread,
  keepFailed,
}: TaskDeclaration): TaskOptions {
  return {
    queue,
    retry: {
      maxRetries,
      backoff: { factor: 2, maxSeconds: 600, jitter: true },
      on: mayPass,
    },
    // A worker that dies with the task gives it back; every task is safe to run again.
    rejectOnWorkerLost: true,
    ...(limits && { limits }),
    ...(rate && { rate }),
    ...(thread && { thread }),
    ...(keepFailed && { acksOnFailureOrTimeout: false }),
  };
}

const passing: readonly ErrorCode[] = [
  'STATE_UNAVAILABLE',
  'BROKER_UNAVAILABLE',
  'PUBLISH_BUFFER_FULL',
  'PUBLISH_REFUSED',
  'NOTIFICATION_PROVIDER_FAILED',
  'NOTIFICATION_UNDER_WAY',
  'IMAGE_DOWNLOAD_FAILED',
  'IMAGE_MODEL_FAILED',
  'REPORT_STORAGE_FAILED',
];

/** Whether the same call may succeed later, as when a server is away. */
export function mayPass(error: unknown): boolean {
  return error instanceof PlatformError && passing.includes(error.code);
}
