import { performance } from 'node:perf_hooks';

/** Says what is stuck, or `undefined` while all is well. */
export type LivenessCheck = () => string | undefined;

/** Whether the process should go on, and what each check found. */
export interface LivenessReport {
  readonly live: boolean;
  readonly checks: Readonly<Record<string, { readonly live: boolean; readonly reason?: string }>>;
}

/** Judges whether a process still makes progress. What it depends on being away is no reason to end it. */
export interface Liveness {
  /** Adds a check under a name that is shown in the report. */
  add(name: string, check: LivenessCheck): void;
  report(): LivenessReport;
  /** Ends the timer that watches the event loop. */
  stop(): void;
}

/**
 * Watches the event loop by a timer: it is stuck while the latest tick came later than the limit allows.
 * A loop that is blocked altogether answers no probe at all, which the prober notices as a time-out.
 *
 * @param options.stallLimitMs how late a tick may come, in milliseconds @default 10 000
 * @param options.tickMs time between two ticks, in milliseconds @default 1 000
 */
export function createLiveness(
  options: { readonly stallLimitMs?: number; readonly tickMs?: number } = {},
): Liveness {
  const { stallLimitMs = 10_000, tickMs = 1_000 } = options;
  let lastTick = performance.now();
  let lastDelay = 0;
  const timer = setInterval(() => {
    const now = performance.now();
    lastDelay = now - lastTick - tickMs;
    lastTick = now;
  }, tickMs);
  timer.unref();
  const checks = new Map<string, LivenessCheck>([
    [
      'event-loop',
      () => {
        const delay = Math.max(lastDelay, performance.now() - lastTick - tickMs);
        return delay > stallLimitMs ? `was blocked for ${Math.round(delay)} ms` : undefined;
      },
    ],
  ]);
  return {
    add: (name, check) => {
      checks.set(name, check);
    },
    report: () => {
      const found = [...checks].map(([name, check]) => ({ name, reason: check() }));
      return {
        live: found.every(({ reason }) => reason === undefined),
        checks: Object.fromEntries(
          found.map(({ name, reason }) => [
            name,
            reason === undefined ? { live: true } : { live: false, reason },
          ]),
        ),
      };
    },
    stop: () => clearInterval(timer),
  };
}
