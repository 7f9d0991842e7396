import { z } from 'zod';

/** What JSON can hold, and so what a task can be called with. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * A queue of tasks, under the name by which Celery clients know it: a durable quorum queue that is bound to a direct
 * exchange of its own name, as Celery declares it.
 */
export interface TaskQueueDeclaration {
  readonly description: string;
  /** Deliveries after which the broker itself gives a message up (it may be killing its worker). */
  readonly deliveryLimit: number;
  /** Messages the queue holds before the broker refuses more. */
  readonly maxLength: number;
}

/**
 * Completes the declaration of a task queue.
 * @default deliveryLimit 20, maxLength 1 000 000
 */
export function defineTaskQueue(
  input: Pick<TaskQueueDeclaration, 'description'> & Partial<TaskQueueDeclaration>,
): TaskQueueDeclaration {
  return { deliveryLimit: 20, maxLength: 1_000_000, ...input };
}

/** Work that nobody waits for, known to callers in any language by its name. */
export interface TaskDeclaration {
  readonly description: string;
  /** The task queue it waits in. */
  readonly queue: string;
  /** Its parameters by name, in the order of positional arguments. */
  readonly parameters: z.ZodObject;
}

export const taskQueues = {
  celery: defineTaskQueue({
    description: 'Upkeep, and every task for which its caller names no queue',
  }),
};

export type TaskQueueName = keyof typeof taskQueues;

/** A task of this platform: its queue must be a declared name. */
function task<Parameters extends z.ZodObject>(
  declaration: TaskDeclaration & { readonly queue: TaskQueueName; readonly parameters: Parameters },
) {
  return declaration;
}

export const tasks = {
  'tasks.cleanup_carts': task({
    description: 'Removes carts that were left behind',
    queue: 'celery',
    parameters: z.strictObject({}),
  }),
  'tasks.calculate_analytics': task({
    description: 'Sums up the day of every restaurant',
    queue: 'celery',
    parameters: z.strictObject({}),
  }),
  'tasks.send_reminders': task({
    description: 'Reminds users who have not ordered for a while',
    queue: 'celery',
    parameters: z.strictObject({}),
  }),
};

export type TaskName = keyof typeof tasks;

/**
 * What is wrong with the arguments of a call, one phrase for each. As in Python, positional arguments stand for the
 * parameters in their order, and named ones for the rest.
 */
export function argumentProblems(
  { parameters }: TaskDeclaration,
  args: readonly Json[],
  kwargs: Readonly<Record<string, Json>>,
): readonly string[] {
  const names = Object.keys(parameters.shape);
  if (args.length > names.length) return [`takes ${names.length} positional arguments, not ${args.length}`];
  const positional = Object.fromEntries(args.map((value, index) => [names[index], value]));
  const twice = Object.keys(kwargs).filter((name) => Object.hasOwn(positional, name));
  if (twice.length > 0) return [`${twice.join(', ')} is given by position and by name`];
  const parsed = parameters.safeParse({ ...positional, ...kwargs });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '));
}
