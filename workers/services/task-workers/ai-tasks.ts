import type { Task } from '../../celery/task.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { State } from '../../state/state.ts';
import { configuredRecogniser } from '../../tasks/food-image/configured-recogniser.ts';
import { aiTasks } from '../../tasks/platform-tasks.ts';
import type { ConfigurationOf } from '../host/configuration.ts';
import { openThreadState } from './thread-state.ts';

type Config = ConfigurationOf<SmartEats, 'ai-worker'>;

/** The tasks of the queue `ai`, with what the service's configuration gives them. */
export function configuredAiTasks(config: Config, { stores }: Pick<State, 'stores'>) {
  return aiTasks({
    recommendations: { stores, now: () => new Date() },
    foodImages: {
      download: {
        allowedHosts: config.FOOD_IMAGE_ALLOWED_HOSTS,
        privateHosts: config.FOOD_IMAGE_PRIVATE_HOSTS,
      },
      recogniser: configuredRecogniser(config),
    },
  });
}

/** The same in a thread, which has connections of its own. @param config as the worker hands it over */
export async function tasks(config: Config): Promise<readonly Task[]> {
  return Object.values(configuredAiTasks(config, await openThreadState('ai-worker', config)));
}
