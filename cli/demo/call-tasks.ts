import { z } from 'zod';
import type { AsyncResult } from '../../workers/celery/client/async-result.ts';
import { openCeleryClient } from '../../workers/celery/client/open-client.ts';
import { type TaskName, tasks } from '../../workers/platform/tasks.ts';
import type { TaskOutcome } from '../accounting/accounts.ts';
import type { CeleryAddress } from '../players/played-platform.ts';

/** What the tasks are called with: somebody and something of the town that was played. */
export interface TaskSubjects {
  readonly userId: string;
  readonly restaurantId: string;
  /** A delivered order. */
  readonly orderId: string;
  /** A picture of a dish; the task that looks at pictures is only called with one. */
  readonly pictureUrl?: string;
}

/** How long one task has, in milliseconds. */
const patienceMs = 60_000;

const Started = z.object({ summary: z.string() });

const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/**
 * Calls each task of the platform once, through the broker as anybody does, and waits for its result. The summary of the
 * figures is the one task that nobody calls: the figures of all restaurants lead to it.
 */
export async function callTasks(
  { broker, results }: CeleryAddress,
  subjects: TaskSubjects,
  signal: AbortSignal,
): Promise<readonly TaskOutcome[]> {
  const { client, close } = openCeleryClient({
    broker: { url: broker },
    results: { REDIS_URL: results },
    tasks,
    name: 'demo',
    log,
  });
  const outcomeOf = async (task: TaskName, call: Promise<AsyncResult>): Promise<TaskOutcome> => {
    const started = performance.now();
    try {
      await (await call).get({ timeoutMs: patienceMs, signal });
      return { task, tookMs: performance.now() - started };
    } catch (error) {
      return { task, failure: error instanceof Error ? error.message : String(error) };
    }
  };
  try {
    const { userId: user_id, restaurantId: restaurant_id, orderId: order_id, pictureUrl } = subjects;
    const status = 'delivered';
    const today = new Date().toISOString().slice(0, 10);
    const figures = client.task('tasks.calculate_analytics').delay({});
    const summary = figures.then(async (call) => {
      const { summary: id } = Started.parse(await call.get({ timeoutMs: patienceMs, signal }));
      return client.result(id);
    });
    // Reported with the others below.
    summary.catch(quiet);
    const calls: { readonly [Task in TaskName]: Promise<AsyncResult> | undefined } = {
      'tasks.generate_recommendations': client.task('tasks.generate_recommendations').delay({ user_id }),
      'tasks.analyze_food_image':
        pictureUrl === undefined
          ? undefined
          : client.task('tasks.analyze_food_image').delay({ image_url: pictureUrl }),
      'tasks.calculate_restaurant_analytics': client
        .task('tasks.calculate_restaurant_analytics')
        .delay({ restaurant_id }),
      'tasks.generate_sales_report': client
        .task('tasks.generate_sales_report')
        .delay({ restaurant_id, date_range: { from: today, to: today } }),
      'tasks.summarize_analytics': summary,
      'tasks.send_order_confirmation': client.task('tasks.send_order_confirmation').delay({ order_id }),
      'tasks.send_delivery_update': client.task('tasks.send_delivery_update').delay({ order_id, status }),
      'tasks.cleanup_carts': client.task('tasks.cleanup_carts').delay({}),
      'tasks.calculate_analytics': figures,
      'tasks.send_reminders': client.task('tasks.send_reminders').delay({}),
    };
    // The keys of the object are the names of all tasks, as its type says.
    const entries = Object.entries(calls) as [TaskName, Promise<AsyncResult> | undefined][];
    return await Promise.all(
      entries.flatMap(([task, call]) => (call === undefined ? [] : [outcomeOf(task, call)])),
    );
  } finally {
    await close();
  }
}

function quiet(): void {
  // What a connection says is not for those who look at the demo; a task that fails says why.
}
