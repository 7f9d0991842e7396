import { declaredTask } from '../declared-task.ts';
import { type RecommendationDeps, recommend } from './recommend.ts';

/** The tasks that recommend dishes. */
export function recommendationTasks(deps: RecommendationDeps) {
  return {
    generateRecommendations: declaredTask('tasks.generate_recommendations', ({ user_id }, { signal }) =>
      recommend(deps, user_id, signal),
    ),
  };
}
