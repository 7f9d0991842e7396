import { join } from 'node:path';
import type { VariableName } from '../workers/platform/environment.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import { type Platform, smartEats } from '../workers/platform/platform.ts';
import { CleanUp } from './clean-up.ts';
import type { MonitoringChoice } from './monitoring/monitoring.ts';
import { monitoringOf, type StackMonitoring } from './monitoring/stack-monitoring.ts';
import { claimUsualPorts, freePort, usualPorts } from './ports.ts';
import { runOnce } from './processes/run-once.ts';
import { type Startable, Supervisor } from './processes/supervisor.ts';
import { openRunDirectory, type RunDirectory } from './run-directory.ts';
import { announceStack } from './running-stack.ts';
import { RabbitmqServer } from './servers/rabbitmq.ts';
import { RedisServer } from './servers/redis.ts';
import { bundleServices } from './service-bundle.ts';
import { type StackAddresses, serviceEnvironment } from './service-environment.ts';
import type { StackListener } from './stack-events.ts';
import { type LogDetail, printLogs, type StackLog } from './stack-logs.ts';
import { type StackProcesses, startProcesses, startWatchers, stopProcesses } from './stack-processes.ts';
import { choosePorts, serviceProcess, servicesToRun, urlOfService } from './stack-services.ts';

export interface LocalStackOptions {
  /** @default smartEats */
  readonly platform?: Platform;
  /**
   * `true`: free ports and a temporary directory, so that any number of them run side by side.
   * `false`: the declared ports as far as they are free and no other stack has them, and the checkout's `.smarteats`, which one run uses at a time.
   */
  readonly isolated: boolean;
  /** A directory to use instead; it stays afterwards. */
  readonly directory?: string;
  /** Goes on with the data of the last run in this directory, and leaves its own to the next one. @default false */
  readonly keep?: boolean;
  /** The services to run. @default all declared ones that have a program */
  readonly only?: readonly string[];
  /** Variables for the services that read them, in place of the stack's own values. */
  readonly environment?: Partial<Record<VariableName, string>>;
  /** Runs what watches the platform beside it: Prometheus, Alertmanager and exporters. @default false */
  readonly monitoring?: boolean | MonitoringChoice;
  /** @default quiet */
  readonly logs?: LogDetail;
  /** Receives the printed logs. @default console.log */
  readonly print?: (text: string) => void;
  readonly onEvent?: StackListener;
  /** Aborting it while the stack starts ends everything again. */
  readonly signal?: AbortSignal;
  /** Run as `node <script> <role>` instead of the platform's own services. */
  readonly serviceScript?: string;
}

/** A service of the stack: `kill` acts from outside, so that the stack starts it again. */
export type StackService = Pick<Supervisor, 'name' | 'pid' | 'restarts' | 'kill'>;

/** Redis or RabbitMQ of a stack: `takeDown` ends it as a crash would, and it stays down until `start`. */
export type StackServer = Pick<Supervisor, 'name' | 'pid' | 'restarts' | 'kill' | 'takeDown' | 'start'>;

/** The whole platform as processes of this machine. */
export interface LocalStack {
  /** Where its data and logs are. */
  readonly directory: string;
  /** URL of each service's HTTP server. */
  readonly urls: Readonly<Record<string, string>>;
  readonly redisUrl: string;
  readonly amqpUrl: string;
  /** RabbitMQ's management interface. */
  readonly management: { readonly url: string; readonly user: string; readonly password: string };
  /** What watches the stack, if it was asked for. */
  readonly monitoring?: StackMonitoring;
  readonly redis: StackServer;
  readonly rabbitmq: StackServer;
  /** @throws PlatformError ROLE_UNKNOWN when the stack does not run it */
  service(name: string): StackService;
  /**
   * Runs a program of the services that ends by itself, with the environment of the service it works for.
   * @returns what it wrote
   * @throws PlatformError LOCAL_STACK_FAILED with what it wrote, when it fails
   */
  runOnce(args: readonly string[], worksFor: string): Promise<string>;
  /** Stops the services, then RabbitMQ, then Redis. Nothing of the stack is left then. */
  stop(): Promise<void>;
}

/**
 * Starts Redis, RabbitMQ with the platform's definitions and the services, each as soon as what it uses is there,
 * and resolves once all are ready.
 * @throws PlatformError LOCAL_STACK_FAILED with the last lines of the process that did not start, TOOL_MISSING,
 *   ROLE_UNKNOWN, or the reason of the aborted signal; nothing of the stack is left then
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const platform = options.platform ?? smartEats;
  const names = servicesToRun(platform, options.only);
  const run = await openRunDirectory(options);
  const cleanUp = new CleanUp();
  cleanUp.add(() => run.release());
  try {
    const script = options.serviceScript ?? (await temporaryBundle(cleanUp));
    const usual = !options.isolated && (await holdUsualPorts(cleanUp));
    const { redis, rabbitmq } = await createServers(platform, run, usual);
    const addresses: StackAddresses = {
      redisUrl: redis.url,
      amqpUrl: rabbitmq.url(),
      ports: await choosePorts(platform, usual),
      directory: run.path,
    };
    const supervise = (process: Startable) => new Supervisor(process, options.onEvent);
    const services = names.map((name) => {
      const process = serviceProcess(platform, name, script, addresses, run, options.environment);
      return [name, supervise(process)] as const;
    });
    const monitoring = await monitoringOf(options.monitoring, {
      platform,
      run,
      addresses,
      names,
      usual,
      rabbitmqMetrics: rabbitmq.ports.prometheus,
    });
    const processes: StackProcesses = {
      redis: supervise(redis),
      rabbitmq: supervise(rabbitmq),
      services: new Map(services),
      watchers: monitoring?.servers.map(supervise) ?? [],
    };
    const logs: StackLog[] = [
      ...names.map((name) => ({ name, file: run.logFile(name), content: 'records' as const })),
      ...[redis, rabbitmq, ...(monitoring?.servers ?? [])].map(({ name, logFile }) => ({
        name,
        file: logFile,
        content: 'text' as const,
      })),
    ];
    cleanUp.add(printLogs(logs, options.logs ?? 'quiet', options.print ?? console.log));
    cleanUp.add(() => stopProcesses(processes, options.keep === true));
    const page = monitoring?.servePage();
    if (page !== undefined) cleanUp.add(async () => (await page)());
    const watching = startWatchers(processes);
    await startProcesses(platform, processes, options.signal);
    const notStarted = await watching;
    await page;
    const urls = Object.fromEntries(names.map((name) => [name, urlOfService(name, addresses)]));
    run.describe(`process ${process.pid}, ${Object.values(urls)[0] ?? addresses.redisUrl}`);
    const stack: LocalStack = {
      directory: run.path,
      urls,
      redisUrl: addresses.redisUrl,
      amqpUrl: addresses.amqpUrl,
      management: { url: rabbitmq.managementUrl, user: rabbitmq.user, password: rabbitmq.password },
      ...(monitoring && { monitoring: monitoring.describe(notStarted) }),
      redis: processes.redis,
      rabbitmq: processes.rabbitmq,
      service: (name) => runningService(processes, name),
      runOnce: (args, worksFor) => {
        const env = serviceEnvironment(platform, worksFor, addresses, options.environment);
        return runOnce([script, ...args], env, run.path, options.signal);
      },
      stop: () => cleanUp.run(),
    };
    cleanUp.add(announceStack(run.path, stack));
    return stack;
  } catch (error) {
    await cleanUp.run();
    throw error;
  }
}

async function temporaryBundle(cleanUp: CleanUp): Promise<string> {
  const bundle = await bundleServices();
  cleanUp.add(() => bundle.remove());
  return bundle.file;
}

/** @returns whether the stack has them; another one on this machine may */
async function holdUsualPorts(cleanUp: CleanUp): Promise<boolean> {
  const giveBack = await claimUsualPorts();
  if (giveBack !== undefined) cleanUp.add(giveBack);
  return giveBack !== undefined;
}

async function createServers(platform: Platform, run: RunDirectory, usual: boolean) {
  const { redis, amqp, management, rabbitmqMetrics } = usualPorts;
  const port = (declared: number) => freePort(usual ? declared : undefined);
  return {
    redis: await RedisServer.create({ directory: join(run.path, 'redis'), port: await port(redis) }),
    rabbitmq: await RabbitmqServer.create({
      directory: join(run.path, 'rabbitmq'),
      platform,
      ports: {
        amqp: await port(amqp),
        management: await port(management),
        prometheus: await port(rabbitmqMetrics),
      },
    }),
  };
}

function runningService({ services }: StackProcesses, name: string): StackService {
  const service = services.get(name);
  if (service === undefined) throw new PlatformError('ROLE_UNKNOWN', `the stack does not run ${name}`);
  return service;
}
