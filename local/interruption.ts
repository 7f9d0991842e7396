/** Tells a command that somebody wants it to stop. */
export interface Interruption {
  /** Aborted at the first request to stop. */
  readonly signal: AbortSignal;
  /** Resolves at the first request to stop. */
  readonly requested: Promise<void>;
  /** Gives the signals their usual meaning back. */
  dispose(): void;
}

/**
 * npm passes a Ctrl-C on to the process that has received it from the terminal already, so what follows within
 * this time, in milliseconds, is the same request.
 */
const sameRequestMs = 1_000;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Listens for requests to stop: Ctrl-C, SIGTERM, a closed terminal, or a reader of our output that is gone.
 * The first one asks for a clean stop. Another one ends this process at once, with the exit code 130 of an
 * interrupted command, and the reaper then ends all it had started.
 */
export function listenForInterruption(): Interruption {
  const controller = new AbortController();
  let firstAt = 0;
  const request = () => {
    if (!controller.signal.aborted) {
      firstAt = Date.now();
      controller.abort();
    } else if (Date.now() - firstAt > sameRequestMs) process.exit(130);
  };
  // Without a reader nobody can see what we say, and nobody could press Ctrl-C either.
  const lostReader = () => {
    if (!controller.signal.aborted) request();
  };
  for (const name of signals) process.on(name, request);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', lostReader);
  return {
    signal: controller.signal,
    requested: new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve())),
    dispose: () => {
      for (const name of signals) process.off(name, request);
      for (const stream of [process.stdout, process.stderr]) stream.off('error', lostReader);
    },
  };
}
