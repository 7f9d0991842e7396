import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from '@jest/globals';
import getPort from 'get-port';
import { eventually } from '../../harness/eventually.ts';

/** What Flower says to a request. */
interface Answer {
  readonly status: number;
  readonly text: string;
}

/** A Flower that runs. */
export class FlowerServer {
  readonly #process: ChildProcess;
  readonly url: string;

  /** Resolves once it answers. */
  static async start(options: {
    readonly python: string;
    readonly broker: string;
    readonly backend: string;
    /** Address of the broker's management API, with user and password. */
    readonly management: string;
  }): Promise<FlowerServer> {
    const port = await getPort();
    const { python, broker, backend, management } = options;
    const flags = [
      `--port=${port}`,
      '--address=127.0.0.1',
      `--broker-api=${management}`,
      '--inspect-timeout=5000',
    ];
    const server = spawn(python, ['-m', 'celery', '-A', 'flower_app', 'flower', ...flags], {
      cwd: fileURLToPath(new URL('../python/', import.meta.url)),
      env: {
        ...process.env,
        BROKER: broker,
        BACKEND: backend,
        FLOWER_UNAUTHENTICATED_API: 'true',
        PYTHONDONTWRITEBYTECODE: '1',
      },
      stdio: 'ignore',
    });
    const flower = new FlowerServer(server, `http://127.0.0.1:${port}`);
    await eventually(async () => expect(await flower.page('/healthcheck')).toBe('OK'), 60_000);
    return flower;
  }

  private constructor(server: ChildProcess, url: string) {
    this.#process = server;
    this.url = url;
  }

  /** The text of a page. @throws Error for anything but status 200 */
  async page(path: string): Promise<string> {
    const response = await fetch(`${this.url}${path}`);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  /** What the JSON API has. @throws Error for anything but status 200 */
  async json(path: string): Promise<unknown> {
    return JSON.parse(await this.page(path));
  }

  /** Does what a button of its pages does, with the fields of a form. */
  async press(path: string, fields: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.#post(path, new URLSearchParams({ ...fields }));
  }

  /** Sends a task with these arguments. */
  async send(path: string, args: readonly unknown[]): Promise<Answer> {
    return this.#post(path, JSON.stringify({ args }));
  }

  async #post(path: string, body: URLSearchParams | string): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { method: 'POST', body });
    return { status: response.status, text: await response.text() };
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await ended;
  }
}
