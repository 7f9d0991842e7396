import type { VariableName } from '../workers/platform/environment.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { services as servicesWithProgram } from '../workers/platform/services.ts';
import { freePort } from './ports.ts';
import type { RunDirectory } from './run-directory.ts';
import { type StackAddresses, serviceEnvironment } from './service-environment.ts';
import { ServiceProcess } from './service-process.ts';

/**
 * The services a stack runs: those asked for, or all of the platform that have a program.
 * @throws PlatformError ROLE_UNKNOWN when one is asked for that is not declared
 */
export function servicesToRun(platform: Platform, only: readonly string[] | undefined): readonly string[] {
  const unknown = only?.find((name) => !(name in platform.services));
  if (unknown !== undefined) {
    const declared = Object.keys(platform.services).join(', ');
    throw new PlatformError('ROLE_UNKNOWN', `there is no service ${unknown}; declared are ${declared}`);
  }
  return only ?? Object.keys(platform.services).filter((name) => name in servicesWithProgram);
}

/**
 * Ports for all declared services, also for those that do not run: one that is looked for at its usual port
 * could belong to another stack.
 * @param usual whether to take the declared ports as far as they are free
 */
export async function choosePorts(platform: Platform, usual: boolean): Promise<StackAddresses['ports']> {
  const chosen: Record<string, Record<string, number>> = {};
  for (const [name, { port, extraPorts }] of Object.entries(platform.services)) {
    const ports: Record<string, number> = {};
    for (const [kind, declared] of Object.entries({ http: port, ...extraPorts })) {
      ports[kind] = await freePort(usual ? declared : undefined);
    }
    chosen[name] = ports;
  }
  return chosen;
}

/** The URL of a service's HTTP server. */
export function urlOfService(name: string, { ports }: StackAddresses): string {
  return `http://127.0.0.1:${portOf(name, ports)}`;
}

/** The process of one service. */
export function serviceProcess(
  platform: Platform,
  name: string,
  script: string,
  addresses: StackAddresses,
  run: RunDirectory,
  environment: Partial<Record<VariableName, string>> = {},
): ServiceProcess {
  return new ServiceProcess({
    name,
    args: ['--enable-source-maps', script, name],
    env: serviceEnvironment(platform, name, addresses, environment),
    port: portOf(name, addresses.ports),
    directory: run.path,
    logFile: run.logFile(name),
  });
}

function portOf(name: string, ports: StackAddresses['ports']): number {
  const port = ports[name]?.['http'];
  if (port === undefined) throw new PlatformError('ROLE_UNKNOWN', `there is no service ${name}`);
  return port;
}
