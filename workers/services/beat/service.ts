import { setTimeout as delay } from 'node:timers/promises';
import type { SmartEats } from '../../platform/platform.ts';
import type { ScheduleEntry } from '../../platform/schedule.ts';
import type { State } from '../../state/state.ts';
import { measureSentTasks } from '../host/measure-sent-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runBeat } from './beat.ts';
import { publishRun } from './run-enqueue.ts';
import { beatName } from './scheduled-run.ts';

const lookMs = 200;

/** All parts of a stack start at once, and that Redis comes last is no trouble to tell of. */
async function onceReady(state: Pick<State, 'ready'>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !(await state.ready())) {
    await delay(lookMs, undefined, { signal }).catch(() => undefined);
  }
}

/** The schedule of a local stack; in a cluster the CronJobs keep it. */
export const beat: ServiceModule<SmartEats, 'beat'> = {
  background: async ({ platform, config, state, log, metrics }) => {
    const stopping = new AbortController();
    const schedule: Readonly<Record<string, ScheduleEntry>> = platform.schedule;
    const names = Object.values(schedule).map(({ task }) => task);
    const sent = measureSentTasks(metrics, beatName, platform.tasks, names);
    const publish = async (entry: string, due: Date) => {
      await publishRun(platform, config, { entry, at: due, log });
      sent(schedule[entry]?.task ?? '');
    };
    const running = onceReady(state, stopping.signal).then(() =>
      runBeat({ schedule, runs: state.scheduleRuns, publish, log }, stopping.signal),
    );
    return {
      stop: async () => {
        stopping.abort();
        await running;
      },
    };
  },
};
