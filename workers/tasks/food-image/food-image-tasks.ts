import type { TaskValue } from '../../celery/protocol/value.ts';
import { declaredTask } from '../declared-task.ts';
import { analyzeFoodImage, type FoodImageDeps } from './analyze-food-image.ts';

/** The tasks that look at pictures of food. */
export function foodImageTasks(deps: FoodImageDeps) {
  return {
    analyzeFoodImage: declaredTask(
      'tasks.analyze_food_image',
      async ({ image_url }, { signal }): Promise<TaskValue> =>
        // JSON leaves out what a model did not say.
        JSON.parse(JSON.stringify(await analyzeFoodImage(deps, image_url, signal))),
    ),
  };
}
