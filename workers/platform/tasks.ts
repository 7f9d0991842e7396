import { z } from 'zod';
import { Identifier } from './order.ts';

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
  /** Tasks that one worker of the queue runs at the same time. */
  readonly concurrency: number;
  /** Memory that the threads of its tasks take beside what every service is given, in MiB. */
  readonly threadMemoryMiB: number;
}

/**
 * Completes the declaration of a task queue.
 * @default deliveryLimit 20, maxLength 1 000 000, concurrency 4, threadMemoryMiB 0
 */
export function defineTaskQueue(
  input: Pick<TaskQueueDeclaration, 'description'> & Partial<TaskQueueDeclaration>,
): TaskQueueDeclaration {
  return { deliveryLimit: 20, maxLength: 1_000_000, concurrency: 4, threadMemoryMiB: 0, ...input };
}

const longestRangeDays = 366;

/** Days from the first to the last, both included: `{ from, to }`, or `from/to` as ISO 8601 writes an interval. */
export const DateRange = z
  .union(
    [
      z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
      z
        .string()
        .regex(/^[^/]+\/[^/]+$/)
        .transform((text) => {
          const [from = '', to = ''] = text.split('/');
          return { from, to };
        })
        .pipe(z.strictObject({ from: z.iso.date(), to: z.iso.date() })),
    ],
    'must be {from, to} or "from/to" with two dates such as 2026-11-30',
  )
  .refine(({ from, to }) => from <= to, 'from must not be after to')
  .refine(
    ({ from, to }) => Date.parse(to) - Date.parse(from) < longestRangeDays * 86_400_000,
    `must not be longer than ${longestRangeDays} days`,
  );
export type DateRange = z.infer<typeof DateRange>;

/** Work that nobody waits for, known to callers in any language by its name. */
export interface TaskDeclaration {
  readonly description: string;
  /** The task queue it waits in. */
  readonly queue: string;
  /** Its parameters by name, in the order of positional arguments. */
  readonly parameters: z.ZodObject;
  /** How often it is tried again after an error that may pass; a wrong argument is never tried again. @default 3 */
  readonly maxRetries?: number;
  /** Seconds it may run: after `soft` it is asked to stop, after `hard` it is ended. @default no limit */
  readonly limits?: { readonly soft: number; readonly hard: number };
  /** How often it may start, as Celery writes it (`10/m`): on each worker, and on all together. @default no limit */
  readonly rate?: { readonly perWorker?: string; readonly cluster?: string };
  /**
   * Whether a call that failed for good rests in the dead-letter queue of its queue, rather than being told by its
   * result alone; for work that the platform itself asks for, whose result nobody waits for. @default false
   */
  readonly keepFailed?: boolean;
  /** Runs beside the worker's own thread, since it keeps a processor busy. @default false */
  readonly thread?: boolean;
}

export const taskQueues = {
  ai: defineTaskQueue({
    description: 'Recommendations and the analysis of pictures',
    concurrency: 2,
    threadMemoryMiB: 320,
  }),
  analytics: defineTaskQueue({
    description: 'Figures of restaurants and reports about them',
    threadMemoryMiB: 192,
  }),
  notifications: defineTaskQueue({ description: 'Messages to customers' }),
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
  'tasks.generate_recommendations': task({
    description: 'Dishes that a user may like, from what users like them have ordered',
    queue: 'ai',
    parameters: z.strictObject({ user_id: Identifier }),
    limits: { soft: 20, hard: 30 },
  }),
  'tasks.analyze_food_image': task({
    description: 'What a picture of food shows, and whether it is good enough for a menu',
    queue: 'ai',
    parameters: z.strictObject({ image_url: z.url({ protocol: /^https?$/ }).max(2_048) }),
    limits: { soft: 60, hard: 75 },
  }),
  'tasks.calculate_restaurant_analytics': task({
    description: "A restaurant's figures of yesterday, and of earlier days whose orders have changed",
    queue: 'analytics',
    parameters: z.strictObject({ restaurant_id: Identifier }),
    limits: { soft: 300, hard: 360 },
  }),
  'tasks.generate_sales_report': task({
    description: 'A PDF about the sales of a restaurant, as a link that expires',
    queue: 'analytics',
    parameters: z.strictObject({ restaurant_id: Identifier, date_range: DateRange }),
    limits: { soft: 240, hard: 300 },
    thread: true,
  }),
  'tasks.summarize_analytics': task({
    description:
      "The day of all restaurants together; called with each restaurant's figures once all are there",
    queue: 'analytics',
    parameters: z.strictObject({ results: z.array(z.json()) }),
    limits: { soft: 60, hard: 90 },
  }),
  'tasks.send_order_confirmation': task({
    description: 'Tells a customer that the restaurant has accepted the order',
    queue: 'notifications',
    parameters: z.strictObject({ order_id: Identifier }),
    maxRetries: 8,
    keepFailed: true,
    limits: { soft: 60, hard: 75 },
  }),
  'tasks.send_delivery_update': task({
    description: 'Tells a customer how far the delivery is',
    queue: 'notifications',
    parameters: z.strictObject({
      order_id: Identifier,
      status: z.enum(['driver_assigned', 'picked_up', 'delivered']),
    }),
    maxRetries: 8,
    keepFailed: true,
    limits: { soft: 60, hard: 75 },
  }),
  'tasks.cleanup_carts': task({
    description: 'Removes carts that were left behind',
    queue: 'celery',
    parameters: z.strictObject({}),
    limits: { soft: 3_000, hard: 3_600 },
  }),
  'tasks.calculate_analytics': task({
    description: 'Sums up the day of every restaurant',
    queue: 'celery',
    parameters: z.strictObject({}),
    limits: { soft: 120, hard: 180 },
  }),
  'tasks.send_reminders': task({
    description: 'Reminds users who have not ordered for a while',
    queue: 'celery',
    parameters: z.strictObject({}),
    limits: { soft: 3_000, hard: 3_600 },
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
