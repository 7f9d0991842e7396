import { declaredTask } from '../declared-task.ts';
import { calculateAnalytics } from './all-restaurants.ts';
import { type AnalyticsDeps, calculateRestaurantAnalytics } from './restaurant-analytics.ts';
import { summarizeAnalytics } from './summary.ts';

/** The tasks that calculate figures. */
export function analyticsTasks(deps: AnalyticsDeps) {
  const { restaurants, analytics } = deps.stores;
  return {
    calculateRestaurantAnalytics: declaredTask(
      'tasks.calculate_restaurant_analytics',
      ({ restaurant_id }, { signal }) => calculateRestaurantAnalytics(deps, restaurant_id, signal),
    ),
    calculateAnalytics: declaredTask('tasks.calculate_analytics', (_, context) =>
      calculateAnalytics(restaurants, (signature) => context.send(signature)),
    ),
    summarizeAnalytics: declaredTask('tasks.summarize_analytics', ({ results }) =>
      summarizeAnalytics(analytics, results),
    ),
  };
}
