import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import type { Platform } from '../../workers/platform/platform.ts';
import { rabbitmqDefinitions, rabbitmqPasswordHash } from '../../workers/platform/rabbitmq-definitions.ts';
import { rabbitmqAdvancedConfig } from '../../workers/platform/rabbitmq-server.ts';
import { freePort } from '../ports.ts';
import { ManagedProcess, type ProcessEnd, waitUntilReady } from '../processes/managed-process.ts';
import { findTool } from './tools.ts';

export interface RabbitmqServerOptions {
  readonly platform: Platform;
  /** Where the server keeps its configuration, data and logs. */
  readonly directory: string;
  /** Ports to use. @default free ones */
  readonly ports?: Partial<RabbitmqPorts>;
}

export interface RabbitmqPorts {
  readonly amqp: number;
  readonly management: number;
  readonly prometheus: number;
}

/** The ports of a node: those people use, and two that Erlang uses to reach it. */
interface NodePorts extends RabbitmqPorts {
  readonly distribution: number;
  readonly epmd: number;
}

/**
 * A private RabbitMQ node on the loopback interface, with a cookie, a port mapper and data of its own.
 * It can be stopped, killed and started again on its ports; what it stored is still there then.
 */
export class RabbitmqServer {
  readonly name = 'rabbitmq';
  readonly user = 'smarteats';
  readonly password: string;
  readonly ports: RabbitmqPorts;
  readonly #directory: string;
  readonly #nodePorts: NodePorts;
  #epmd: ManagedProcess | undefined;
  #process: ManagedProcess | undefined;

  private constructor(directory: string, ports: NodePorts, password: string) {
    this.#directory = directory;
    this.#nodePorts = ports;
    this.ports = ports;
    this.password = password;
  }

  /** Writes the configuration and the definitions of the platform; `start` runs the server. */
  static async create(options: RabbitmqServerOptions): Promise<RabbitmqServer> {
    const ports: NodePorts = {
      amqp: options.ports?.amqp ?? (await freePort()),
      management: options.ports?.management ?? (await freePort()),
      prometheus: options.ports?.prometheus ?? (await freePort()),
      distribution: await freePort(),
      epmd: await freePort(),
    };
    const server = new RabbitmqServer(options.directory, ports, randomBytes(18).toString('base64url'));
    mkdirSync(options.directory, { recursive: true });
    server.#write('enabled_plugins', '[rabbitmq_management,rabbitmq_prometheus].\n');
    server.#write('rabbitmq.conf', configuration(ports, join(options.directory, 'definitions.json')));
    server.#write('advanced.config', rabbitmqAdvancedConfig);
    const user = {
      name: server.user,
      passwordHash: rabbitmqPasswordHash(server.password, randomBytes(4)),
      tags: ['administrator'],
    };
    server.#write(
      'definitions.json',
      JSON.stringify(rabbitmqDefinitions(options.platform, { users: [user] })),
    );
    return server;
  }

  /** AMQP address of a virtual host, credentials included. */
  url(vhost = '/'): string {
    return `amqp://${this.user}:${this.password}@127.0.0.1:${this.ports.amqp}/${encodeURIComponent(vhost)}`;
  }

  get managementUrl(): string {
    return `http://127.0.0.1:${this.ports.management}`;
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
    return join(this.#directory, 'rabbitmq.log');
  }

  /**
   * Calls the management API.
   * @param path below `/api/`, e.g. `queues/%2F`
   */
  async api(path: string, request: { method?: string; body?: unknown } = {}): Promise<Response> {
    const credentials = Buffer.from(`${this.user}:${this.password}`).toString('base64');
    return fetch(`${this.managementUrl}/api/${path}`, {
      method: request.method ?? 'GET',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal: AbortSignal.timeout(10_000),
    });
  }

  /** Starts the node and waits until clients can connect and the definitions are loaded. */
  async start(): Promise<void> {
    // A node that crashed leaves its port mapper behind.
    await this.kill();
    this.#epmd = await this.#spawn('epmd', ['-port', String(this.#nodePorts.epmd), '-address', '127.0.0.1']);
    this.#process = await this.#spawn('rabbitmq-server', []);
    const listening = `health/checks/port-listener/${this.ports.amqp}`;
    await waitUntilReady(this.#process, async () => (await this.api(listening)).ok, 90_000);
  }

  /** Ends the node cleanly. */
  async stop(): Promise<void> {
    await this.#process?.stop('SIGTERM', 20_000);
    await this.#epmd?.stop('SIGTERM', 2_000);
  }

  /** Ends the node without warning, as a crash would. */
  async kill(): Promise<void> {
    await this.#process?.stop('SIGKILL', 0);
    await this.#epmd?.stop('SIGKILL', 0);
  }

  /**
   * Runs `rabbitmqctl` against the node.
   * @returns what it wrote
   * @throws when it fails
   */
  async ctl(...args: readonly string[]): Promise<string> {
    const run = promisify(execFile);
    const { stdout } = await run(findTool('rabbitmqctl'), args, { env: this.#environment() });
    return stdout;
  }

  #spawn(program: string, args: readonly string[]): Promise<ManagedProcess> {
    return ManagedProcess.spawn({
      name: program,
      command: findTool(program),
      args,
      env: this.#environment(),
      cwd: this.#directory,
      logFile: this.logFile,
    });
  }

  #environment(): NodeJS.ProcessEnv {
    const inside = (name: string) => join(this.#directory, name);
    return {
      // Where Erlang is found; one that came with the server before any other.
      PATH: [process.env['SMARTEATS_SERVER_PATH'], process.env['PATH']].filter(Boolean).join(delimiter),
      LANG: 'C.UTF-8',
      HOME: this.#directory,
      ERL_EPMD_PORT: String(this.#nodePorts.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      // Its data lies under this name, so it does not depend on the port.
      RABBITMQ_NODENAME: 'smarteats@localhost',
      RABBITMQ_NODE_PORT: String(this.ports.amqp),
      RABBITMQ_DIST_PORT: String(this.#nodePorts.distribution),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
      RABBITMQ_SCHEDULER_BUSY_WAIT_THRESHOLD: 'none',
      // The start script then becomes the node instead of waiting for it: one process less between us and it,
      // and when it is gone, so are its ports.
      RUNNING_UNDER_SYSTEMD: 'true',
      RABBITMQ_CONF_ENV_FILE: inside('rabbitmq-env.conf'),
      RABBITMQ_CONFIG_FILE: inside('rabbitmq.conf'),
      RABBITMQ_ADVANCED_CONFIG_FILE: inside('advanced.config'),
      RABBITMQ_ENABLED_PLUGINS_FILE: inside('enabled_plugins'),
      RABBITMQ_MNESIA_BASE: inside('data'),
      RABBITMQ_LOG_BASE: inside('log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_PID_FILE: inside('rabbitmq.pid'),
    };
  }

  #write(name: string, content: string): void {
    writeFileSync(join(this.#directory, name), content, { mode: 0o600 });
  }
}

function configuration(ports: NodePorts, definitionsFile: string): string {
  return [
    `listeners.tcp.local = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.management}`,
    'prometheus.tcp.ip = 127.0.0.1',
    `prometheus.tcp.port = ${ports.prometheus}`,
    `load_definitions = ${definitionsFile}`,
    'log.console = true',
    'log.console.level = warning',
    'log.file = false',
    // The disk is shared with everything else on a laptop: stop at 200 MB free rather than at the memory's size.
    'disk_free_limit.absolute = 200MB',
    '',
  ].join('\n');
}
