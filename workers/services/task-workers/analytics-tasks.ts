import type { Task } from '../../celery/task.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { State } from '../../state/state.ts';
import { openStorage } from '../../storage/open-storage.ts';
import { ReportLinks } from '../../storage/report-link.ts';
import { analyticsQueueTasks } from '../../tasks/platform-tasks.ts';
import type { ConfigurationOf } from '../host/configuration.ts';
import { openThreadState } from './thread-state.ts';

type Config = ConfigurationOf<SmartEats, 'analytics-worker'>;

const now = () => new Date();

/** The tasks of the queue `analytics`, with what the service's configuration gives them. */
export function configuredAnalyticsTasks(config: Config, { stores, files }: Pick<State, 'stores' | 'files'>) {
  const links = new ReportLinks(config.REPORT_LINK_SECRET, config.PUBLIC_URL);
  return analyticsQueueTasks({
    analytics: { stores, now },
    reports: { stores, storage: openStorage(config, files), links, now },
  });
}

/** The same in a thread, which has connections of its own. @param config as the worker hands it over */
export async function tasks(config: Config): Promise<readonly Task[]> {
  return Object.values(configuredAnalyticsTasks(config, await openThreadState('analytics-worker', config)));
}
