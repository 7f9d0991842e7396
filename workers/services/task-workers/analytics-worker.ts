import { programUrl } from '../../celery/worker/threads/program-url.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { configuredAnalyticsTasks } from './analytics-tasks.ts';
import { runTasks } from './run-tasks.ts';

/** Figures and sales reports: both keep a processor busy, so that they run in threads. */
export const analyticsWorker: ServiceModule<SmartEats, 'analytics-worker'> = {
  background: async (deps) => {
    const { config, state } = deps;
    const taskModule = programUrl('./analytics-tasks.ts', import.meta.url);
    return runTasks(deps, 'analytics', configuredAnalyticsTasks(config, state), { taskModule });
  },
};
