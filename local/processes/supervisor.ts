import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { StackListener } from '../stack-events.ts';
import { type BackOff, usualBackOff, waitBeforeStart } from './back-off.ts';
import type { ProcessEnd } from './managed-process.ts';

/** A server or service that can be started again and again. */
export interface Startable {
  readonly name: string;
  readonly pid: number | undefined;
  /** Whether its process runs. */
  readonly running: boolean;
  /** Resolves when the process started last has ended. */
  readonly exited: Promise<ProcessEnd>;
  /**
   * Starts the process and resolves once it is ready.
   * @param patience `limited` gives up after a while, `endless` waits for readiness as long as the process runs
   * @throws PlatformError LOCAL_STACK_FAILED when it ended first, or is not ready in time
   */
  start(patience: 'limited' | 'endless'): Promise<void>;
  /** Asks the process to end and waits until it has. */
  stop(): Promise<void>;
  /** Ends the process without warning. */
  kill(): Promise<void>;
}

/** What came of starting a process again. */
interface Restart {
  /** When it became ready; never, if it ended before. */
  readonly readySince: number;
  /** Why there is not even a process. */
  readonly problem?: string;
}

/** Keeps one process running: starts it, starts it again with back-off when it ends by itself, and stops it. */
export class Supervisor {
  readonly #process: Startable;
  readonly #tell: StackListener;
  readonly #backOff: BackOff;
  readonly #firstStarts: number;
  /** Not aborted from `start` until `stop`. */
  #wanted = new AbortController();
  /** What is under way: starting the process, or keeping it running. */
  #underWay: Promise<void> = Promise.resolve();
  #restarts = 0;

  /** @param firstStarts how often the process may end before it is ready for the first time */
  constructor(
    process: Startable,
    tell: StackListener = () => undefined,
    backOff: BackOff = usualBackOff,
    firstStarts = 3,
  ) {
    this.#process = process;
    this.#tell = tell;
    this.#backOff = backOff;
    this.#firstStarts = firstStarts;
    this.#wanted.abort();
  }

  get name(): string {
    return this.#process.name;
  }

  get pid(): number | undefined {
    return this.#process.running ? this.#process.pid : undefined;
  }

  /** How often the process was started again after it ended by itself. */
  get restarts(): number {
    return this.#restarts;
  }

  /**
   * Starts the process and resolves once it is ready; from then on it is kept running.
   * @throws PlatformError LOCAL_STACK_FAILED when it keeps ending, or is not ready in time; it does not run then
   */
  async start(): Promise<void> {
    if (!this.#wanted.signal.aborted) return;
    const wanted = new AbortController();
    this.#wanted = wanted;
    const started = this.#startFirst(wanted.signal);
    this.#underWay = started.catch(() => undefined);
    try {
      await started;
    } catch (error) {
      wanted.abort();
      await this.#process.kill();
      throw error;
    }
    this.#underWay = this.#keepRunning(wanted.signal);
  }

  /** Stops the process, also while it starts or waits to be started again. */
  async stop(): Promise<void> {
    await this.#end(() => this.#process.stop());
  }

  /** Ends the process as a crash would, and does not start it again. */
  async takeDown(): Promise<void> {
    await this.#end(() => this.#process.kill());
  }

  /** Sends a signal as somebody from outside would: a process that ends of it is started again. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): void {
    if (this.pid !== undefined) process.kill(this.pid, signal);
  }

  async #end(how: () => Promise<void>): Promise<void> {
    if (this.#wanted.signal.aborted) return;
    this.#wanted.abort();
    this.#tell({ kind: 'stopping', name: this.name });
    let over = false;
    const end = this.#underWay.finally(() => {
      over = true;
    });
    // More than once, because it may just be starting, and would then not be there to be stopped yet.
    do {
      await how();
      await Promise.race([end, delay(50)]);
    } while (!over);
    this.#tell({ kind: 'stopped', name: this.name });
  }

  async #startFirst(signal: AbortSignal): Promise<void> {
    const began = Date.now();
    this.#tell({ kind: 'starting', name: this.name });
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#process.start('limited');
        break;
      } catch (error) {
        if (!hasEnded(error) || this.#process.running || attempt >= this.#firstStarts) throw error;
        await this.#waitBeforeStart(attempt, signal, 'ended while it started');
        if (signal.aborted) throw error;
      }
    }
    this.#tell({ kind: 'ready', name: this.name, tookMs: Date.now() - began });
  }

  async #keepRunning(signal: AbortSignal): Promise<void> {
    let failures = 0;
    let latest: Restart = { readySince: Date.now() };
    for (;;) {
      const end = await this.#process.exited;
      if (signal.aborted) return;
      failures = Date.now() - latest.readySince >= this.#backOff.forgivenAfterMs ? 1 : failures + 1;
      await this.#waitBeforeStart(failures, signal, latest.problem ?? describe(end));
      if (signal.aborted) return;
      this.#restarts++;
      latest = await this.#restart(signal);
    }
  }

  async #restart(signal: AbortSignal): Promise<Restart> {
    const began = Date.now();
    try {
      await this.#process.start('endless');
    } catch (error) {
      const readySince = Number.POSITIVE_INFINITY;
      // A machine that is short of processes or files for a while is no reason to give the platform up.
      return hasEnded(error) ? { readySince } : { readySince, problem: `cannot be started (${error})` };
    }
    if (!signal.aborted) this.#tell({ kind: 'restarted', name: this.name, tookMs: Date.now() - began });
    return { readySince: Date.now() };
  }

  async #waitBeforeStart(failures: number, signal: AbortSignal, ended: string): Promise<void> {
    if (signal.aborted) return;
    const restartInMs = waitBeforeStart(failures, this.#backOff);
    this.#tell({ kind: 'crashed', name: this.name, ended, restartInMs });
    await delay(restartInMs, undefined, { signal }).catch(() => undefined);
  }
}

function hasEnded(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'LOCAL_STACK_FAILED';
}

/** How a process ended, in words. */
function describe(end: ProcessEnd): string {
  return end.signal === null ? `ended with code ${end.code}` : `was ended by ${end.signal}`;
}
