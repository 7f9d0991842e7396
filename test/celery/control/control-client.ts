import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { PythonProcess } from '../python-process.ts';

/** The control API of Python's Celery. */
export class ControlClient {
  readonly #python: PythonProcess;
  #last: Promise<unknown> = Promise.resolve();

  constructor(broker: string, options: { readonly python?: string } = {}) {
    this.#python = new PythonProcess('control_client.py', [broker], options);
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
  python = '/usr/bin/python3',
): Promise<{ readonly code: number; readonly output: string }> {
  const all = ['-m', 'celery', '-b', broker, ...args];
  try {
    const { stdout } = await promisify(execFile)(python, all, { timeout: 60_000 });
    return { code: 0, output: stdout };
  } catch (error) {
    if (!(error instanceof Error) || !('stdout' in error) || !('code' in error)) throw error;
    return { code: Number(error.code), output: String(error.stdout) };
  }
}

function onlyAnswer(answers: unknown): unknown {
  const values = Object.values(answers ?? {});
  if (values.length !== 1) throw new Error(`other than one worker answered: ${JSON.stringify(answers)}`);
  return values[0];
}
