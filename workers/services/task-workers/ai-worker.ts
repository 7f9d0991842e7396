import { programUrl } from '../../celery/worker/threads/program-url.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { checkRecogniser } from '../../tasks/food-image/configured-recogniser.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { configuredAiTasks } from './ai-tasks.ts';
import { runTasks } from './run-tasks.ts';

/** Recommendations and pictures of food: both keep a processor busy, so that they run in threads. */
export const aiWorker: ServiceModule<SmartEats, 'ai-worker'> = {
  background: async (deps) => {
    const { config, state, log } = deps;
    // The other tasks run without it, and its file may come later: a volume that is being filled.
    await checkRecogniser(config).catch((err: unknown) =>
      log.warn({ err }, 'pictures cannot be recognised until the classifier is there'),
    );
    const taskModule = programUrl('./ai-tasks.ts', import.meta.url);
    return runTasks(deps, 'ai', configuredAiTasks(config, state), { taskModule });
  },
};
