import type { SmartEats } from '../../platform/platform.ts';
import { openStorage } from '../../storage/open-storage.ts';
import { ReportLinks } from '../../storage/report-link.ts';
import { analyticsQueueTasks } from '../../tasks/platform-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runTasks } from './run-tasks.ts';

const now = () => new Date();

/** Figures and sales reports. */
export const analyticsWorker: ServiceModule<SmartEats, 'analytics-worker'> = {
  background: async (deps) => {
    const { config, state } = deps;
    const { stores } = state;
    const links = new ReportLinks(config.REPORT_LINK_SECRET, config.PUBLIC_URL);
    const tasks = analyticsQueueTasks({
      analytics: { stores, now },
      reports: { stores, storage: openStorage(config, state.files), links, now },
    });
    return runTasks(deps, 'analytics', tasks);
  },
};
