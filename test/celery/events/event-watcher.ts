import { PythonProcess } from '../python-process.ts';

/** An event as Celery's receiver hands it to monitors. */
export type SeenEvent = Readonly<Record<string, unknown>> & { readonly type: string };

/** Celery's own receiver of events. */
export class EventWatcher {
  readonly #python: PythonProcess;
  readonly #seen: SeenEvent[] = [];

  /** Resolves once it receives. */
  static async open(broker: string, program: string, env: NodeJS.ProcessEnv = {}): Promise<EventWatcher> {
    const python = new PythonProcess('capture_events.py', [broker], { python: program, env });
    // The first line says that it is ready.
    await python.read();
    return new EventWatcher(python);
  }

  private constructor(python: PythonProcess) {
    this.#python = python;
    void this.#watch();
  }

  /** Events so far of one type; for tasks, of one task. */
  of(type: string, uuid?: string): readonly SeenEvent[] {
    return this.#seen.filter(
      (event) => event.type === type && (uuid === undefined || event['uuid'] === uuid),
    );
  }

  /** Types of all events about a task, in the order of their clock. */
  typesOf(uuid: string): readonly string[] {
    return this.#seen
      .filter((event) => event['uuid'] === uuid)
      .sort((one, other) => Number(one['clock']) - Number(other['clock']))
      .map(({ type }) => type);
  }

  async close(): Promise<void> {
    await this.#python.stop();
  }

  async #watch(): Promise<void> {
    try {
      // The script writes this.
      for (;;) this.#seen.push((await this.#python.read()) as SeenEvent);
    } catch {
      // It has been stopped.
    }
  }
}
