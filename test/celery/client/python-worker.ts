import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A worker of Python's Celery that runs `worker_tasks.py`. */
export class PythonWorker {
  readonly #process: ChildProcess;

  constructor(options: {
    readonly python: string;
    readonly broker: string;
    readonly backend: string;
    /** @default celery@ and the host's name */
    readonly nodeName?: string;
    /** Whether it asks other workers at its start and watches them. @default false */
    readonly sociable?: boolean;
  }) {
    const directory = fileURLToPath(new URL('../python/', import.meta.url));
    const { nodeName, sociable = false } = options;
    const args = ['-m', 'celery', '-A', 'worker_tasks', 'worker', '-c', '2'];
    if (!sociable) args.push('--without-mingle', '--without-gossip');
    if (nodeName !== undefined) args.push('--hostname', nodeName);
    this.#process = spawn(options.python, args, {
      cwd: directory,
      env: { ...process.env, BROKER: options.broker, BACKEND: options.backend, PYTHONDONTWRITEBYTECODE: '1' },
      stdio: 'ignore',
    });
  }

  /** Ends it as an operator would. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
