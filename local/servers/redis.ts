import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { redisConfiguration, redisServerSettings } from '../../workers/platform/redis-server.ts';
import { freePort } from '../ports.ts';
import { ManagedProcess, type ProcessEnd, waitUntilReady } from '../processes/managed-process.ts';
import { findTool } from './tools.ts';

export interface RedisServerOptions {
  /** Where the server keeps its configuration, data and log. */
  readonly directory: string;
  /** @default a free port */
  readonly port?: number;
}

/** A private redis-server on the loopback interface; it can be stopped, killed and started again on its port. */
export class RedisServer {
  readonly name = 'redis';
  readonly port: number;
  readonly #directory: string;
  #process: ManagedProcess | undefined;

  private constructor(directory: string, port: number) {
    this.#directory = directory;
    this.port = port;
  }

  /** Writes the configuration; `start` runs the server. */
  static async create(options: RedisServerOptions): Promise<RedisServer> {
    const port = options.port ?? (await freePort());
    mkdirSync(options.directory, { recursive: true });
    writeFileSync(
      join(options.directory, 'redis.conf'),
      redisConfiguration({ ...redisServerSettings, bind: '127.0.0.1', port, dir: options.directory }),
    );
    return new RedisServer(options.directory, port);
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get running(): boolean {
    return this.#process?.running ?? false;
  }

  /** Resolves when the process started last has ended. */
  get exited(): Promise<ProcessEnd> {
    return this.#process?.exited ?? Promise.resolve({ code: null, signal: null });
  }

  get logFile(): string {
    return join(this.#directory, 'redis.log');
  }

  /** Starts the server and waits until it answers. */
  async start(): Promise<void> {
    this.#process = await ManagedProcess.spawn({
      name: 'redis-server',
      command: findTool('redis-server'),
      args: [join(this.#directory, 'redis.conf')],
      env: { PATH: process.env['PATH'] },
      cwd: this.#directory,
      logFile: this.logFile,
    });
    await waitUntilReady(this.#process, () => answersPing(this.port), 20_000);
  }

  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM', 10_000);
  }

  /** Ends the server without warning, as a crash would. */
  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL', 0);
  }
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const answer = (ready: boolean) => {
      socket.destroy();
      resolve(ready);
    };
    socket.setTimeout(1_000, () => answer(false));
    socket.on('error', () => answer(false));
    socket.on('data', (data) => answer(data.toString().startsWith('+PONG')));
  });
}
