import type { ResultTuple, Signature } from '../../celery/protocol/signature.ts';
import { type TaskName, tasks } from '../../platform/tasks.ts';
import type { RestaurantStore } from '../../state/records/restaurants.ts';

/** What `calculate_analytics` returns: the summary has an id of its own to ask for. */
export type Started = {
  readonly restaurants: number;
  /** Id of the task that sums up, once the figures of every restaurant are there. */
  readonly summary: string;
};

/**
 * Starts the analytics of every restaurant as a chord: one task for each, side by side on all workers, and one that
 * sums up their results when the last has ended.
 */
export async function calculateAnalytics(
  restaurants: Pick<RestaurantStore, 'list'>,
  send: (signature: Signature) => Promise<ResultTuple>,
): Promise<Started> {
  const ids = (await restaurants.list()).map(({ restaurantId }) => restaurantId);
  const [[summary]] = await send(analyticsOf(ids));
  return { restaurants: ids.length, summary };
}

/** The canvas for some restaurants; a chord needs at least one, so without any only the summary runs. */
export function analyticsOf(restaurantIds: readonly string[]): Signature {
  const body = signature('tasks.summarize_analytics', []);
  if (restaurantIds.length === 0) return { ...body, args: [[]] };
  const header = restaurantIds.map((id) => signature('tasks.calculate_restaurant_analytics', [id]));
  return {
    task: 'celery.chord',
    args: [],
    kwargs: { header: group(header), body, kwargs: {} },
    options: {},
    subtask_type: 'chord',
    immutable: false,
  };
}

function group(members: readonly Signature[]): Signature {
  return {
    task: 'celery.group',
    args: [],
    kwargs: { tasks: members },
    options: {},
    subtask_type: 'group',
    immutable: false,
  };
}

function signature(task: TaskName, args: readonly string[]): Signature {
  const { queue } = tasks[task];
  return { task, args, kwargs: {}, options: { queue }, subtask_type: null, immutable: false };
}
