import type { Log } from '../../messaging/log.ts';
import type { LamportClock } from '../events/lamport-clock.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { CommandArguments } from './command-arguments.ts';
import type { WorkerView } from './worker-view.ts';

/** The switches of a worker's events. */
export interface EventSwitches {
  taskEvents: boolean;
  /** Says that the worker lives. */
  heartbeat(): void;
}

/** What commands have to do with. */
export interface ControlledWorker {
  readonly view: WorkerView;
  readonly events: EventSwitches;
  readonly clock: LamportClock;
  readonly log: Log;
}

/**
 * Carries out one method of remote control.
 * @returns the answer; undefined for none
 * @throws Error whatever it is, the sender gets it as `{"error": …}` in Python's notation
 */
export type Command = (
  worker: ControlledWorker,
  args: CommandArguments,
) => TaskValue | undefined | Promise<TaskValue | undefined>;

/** Commands by the names under which they are called. */
export type Commands = Readonly<Record<string, Command>>;

/** The answer of a command that did what it was told. */
export function ok(text: string): Kwargs {
  return { ok: text };
}

/** The answer of a command that did not. */
export function refusal(text: string): Kwargs {
  return { error: text };
}
