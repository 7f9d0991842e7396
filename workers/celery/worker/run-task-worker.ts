import type { Log } from '../../messaging/log.ts';
import type { ShutdownMode, TaskWorker } from './task-worker.ts';

/** Signals that end a worker (Celery documentation, "Worker Shutdown"). */
const signals = ['SIGTERM', 'SIGINT', 'SIGQUIT'] as const;

type StopSignal = (typeof signals)[number];

/** Where signals come from: the process, and in tests something like it. */
interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/**
 * Runs a worker as this process until a signal ends it, as Celery's worker does:
 * - SIGTERM: warm; more of them change nothing. With `REMAP_SIGTERM=SIGQUIT` it is SIGQUIT.
 * - SIGINT: warm, the second time cold
 * - SIGQUIT: soft where the worker has a time for that, otherwise cold; once it is cold, the next one ends the process
 *   on the spot
 *
 * A warm shutdown that remote control asked for ends it too.
 *
 * @returns the exit code: 0 after a warm shutdown, else 1
 */
export async function runTaskWorker(
  worker: Pick<TaskWorker, 'start' | 'stop' | 'ended'>,
  options: {
    readonly log: Log;
    readonly env: Readonly<Record<string, string | undefined>>;
    /** How long a soft shutdown waits, in seconds; 0 makes it a cold one. */
    readonly softShutdownSeconds: number;
    /** @default the process */
    readonly source?: SignalSource;
    /** Ends the process on the spot. @default process.exit */
    readonly exit?: (code: number) => void;
  },
): Promise<number> {
  const { log, env, softShutdownSeconds, source = process, exit = process.exit } = options;
  let mode: ShutdownMode | undefined;
  const stop = (next: ShutdownMode, signal: string) => {
    mode = next;
    log.info({ signal, mode: next }, 'the worker shuts down');
    void worker.stop(next);
  };
  const quit = (signal: string) => {
    if (mode === 'cold') exit(1);
    else if (mode === 'soft' || softShutdownSeconds <= 0) stop('cold', signal);
    else stop('soft', signal);
  };
  const onSignal: Readonly<Record<StopSignal, () => void>> = {
    SIGTERM: () => {
      if (env['REMAP_SIGTERM'] === 'SIGQUIT') quit('SIGTERM');
      else if (mode === undefined) stop('warm', 'SIGTERM');
    },
    SIGINT: () => {
      if (mode === undefined) stop('warm', 'SIGINT');
      else quit('SIGINT');
    },
    SIGQUIT: () => quit('SIGQUIT'),
  };
  for (const signal of signals) source.on(signal, onSignal[signal]);
  try {
    worker.start();
    await worker.ended;
  } finally {
    for (const signal of signals) source.off(signal, onSignal[signal]);
  }
  return mode === undefined || mode === 'warm' ? 0 : 1;
}
