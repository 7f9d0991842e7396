import { execFile } from 'node:child_process';
import { expect } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { PythonProcess } from '../python-process.ts';

/** The control API of Python's Celery. */
export class ControlClient {
  readonly #python: PythonProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(broker: string, python: string) {
    this.#python = new PythonProcess('control_client.py', [broker], { python });
  }

  /** Calls `app.control.<path>(*args, **kwargs)`. */
  async call(path: string, args: readonly unknown[] = [], kwargs: object = {}): Promise<unknown> {
    const answer = this.#last.then(async () => {
      this.#python.write([path, args, kwargs]);
      return this.#python.read();
    });
    this.#last = answer.catch(() => undefined);
    return answer;
  }

  /** Waits until remote control reaches exactly these nodes. */
  async reach(nodes: readonly string[]): Promise<void> {
    await eventually(async () => {
      const answers = await this.call('inspect.ping', [], { timeout: 2, limit: nodes.length });
      expect(Object.keys(answers ?? {}).sort()).toEqual([...nodes].sort());
    });
  }

  /** What the one worker answers to an inspection. */
  async inspect(method: string, args: readonly unknown[] = [], kwargs: object = {}): Promise<unknown> {
    return onlyAnswer(await this.call(`inspect.${method}`, args, kwargs));
  }

  /** What the one worker answers to a control command. */
  async control(method: string, args: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
    const kwargs = { arguments: args, reply: true, timeout: 5, limit: 1 };
    const answers = await this.call('broadcast', [method], kwargs);
    if (!Array.isArray(answers) || answers.length !== 1) {
      throw new Error(`${method} had other than one answer: ${JSON.stringify(answers)}`);
    }
    return onlyAnswer(answers[0]);
  }

  async stop(): Promise<void> {
    await this.#python.stop();
  }
}

/** Runs the `celery` command line. */
export async function celeryCommand(
  broker: string,
  args: readonly string[],
  python: string,
): Promise<{ readonly code: number; readonly output: string }> {
  const all = ['-m', 'celery', '-b', broker, ...args];
  return new Promise((resolve) => {
    execFile(python, all, { timeout: 60_000 }, (error, output) => {
      resolve({ code: error === null ? 0 : Number(error.code), output });
    });
  });
}

function onlyAnswer(answers: unknown): unknown {
  const values = Object.values(answers ?? {});
  if (values.length !== 1) throw new Error(`other than one worker answered: ${JSON.stringify(answers)}`);
  return values[0];
}
