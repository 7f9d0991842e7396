import type { SmartEats } from '../../platform/platform.ts';
import { configuredRecogniser } from '../../tasks/food-image/configured-recogniser.ts';
import { aiTasks } from '../../tasks/platform-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runTasks } from './run-tasks.ts';

/** Recommendations and pictures of food. */
export const aiWorker: ServiceModule<SmartEats, 'ai-worker'> = {
  background: async (deps) => {
    const { config, state } = deps;
    const tasks = aiTasks({
      recommendations: { stores: state.stores, now: () => new Date() },
      foodImages: {
        download: {
          allowedHosts: config.FOOD_IMAGE_ALLOWED_HOSTS,
          privateHosts: config.FOOD_IMAGE_PRIVATE_HOSTS,
        },
        recogniser: configuredRecogniser(config),
      },
    });
    return runTasks(deps, 'ai', tasks);
  },
};
