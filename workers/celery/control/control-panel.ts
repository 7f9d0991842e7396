import type { Log } from '../../messaging/log.ts';
import { exceptionDocument, exceptionRepr, TaskError } from '../protocol/exception.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { Command, ControlledWorker } from './command.ts';
import { CommandArguments } from './command-arguments.ts';
import { events } from './commands/events.ts';
import { figures } from './commands/figures.ts';
import { limits } from './commands/limits.ts';
import { pool } from './commands/pool.ts';
import { presence } from './commands/presence.ts';
import { queues } from './commands/queues.ts';
import { registry } from './commands/registry.ts';
import { requests } from './commands/requests.ts';
import { revocation } from './commands/revocation.ts';
import { shutdown } from './commands/shutdown.ts';

const commands: ReadonlyMap<string, Command> = new Map(
  [presence, requests, revocation, registry, limits, pool, queues, figures, events, shutdown].flatMap(
    (family) => Object.entries(family),
  ),
);

/** Everything that remote control can do to one worker. */
export class ControlPanel {
  readonly #worker: ControlledWorker;
  readonly #log: Log;

  constructor(worker: ControlledWorker) {
    this.#worker = worker;
    this.#log = worker.log;
  }

  /**
   * Carries out a method. Never fails: what goes wrong is the answer, as Python's workers give it.
   * @returns the answer; undefined for none
   */
  async call(method: string, args: Kwargs): Promise<TaskValue | undefined> {
    try {
      const command = commands.get(method);
      if (command === undefined) throw new TaskError('KeyError', [method], 'builtins');
      return await command(this.#worker, new CommandArguments(method, args));
    } catch (error) {
      this.#log.warn({ err: error, method }, 'a command of remote control failed');
      return { error: exceptionRepr(exceptionDocument(error)) };
    }
  }
}
