import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runBeat } from './beat.ts';
import { measureBeat } from './measure-beat.ts';
import { publishRun } from './run-enqueue.ts';

/** The schedule of a local stack; in a cluster the CronJobs keep it. */
export const beat: ServiceModule<SmartEats, 'beat'> = {
  background: async ({ platform, config, state, log, metrics }) => {
    const stopping = new AbortController();
    const { schedule } = platform;
    const published = measureBeat(platform, metrics);
    const publish = async (entry: string, due: Date) => {
      await publishRun(platform, config, { entry, at: due, log });
      published(entry);
    };
    const running = runBeat({ schedule, runs: state.scheduleRuns, publish, log }, stopping.signal);
    return {
      stop: async () => {
        stopping.abort();
        await running;
      },
    };
  },
};
