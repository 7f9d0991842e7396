import { parseArgs } from 'node:util';
import { commands } from '../platform/commands.ts';
import { PlatformError } from '../platform/errors.ts';
import { smartEats } from '../platform/platform.ts';
import { type ServiceName, services } from '../platform/services.ts';
import { runService } from './host/run-service.ts';
import { serviceModules } from './roles.ts';
import { runSeed } from './seed/run-seed.ts';

function usage(): string {
  const lines = Object.entries({ ...services, ...commands }).map(
    ([name, { description }]) => `  ${name.padEnd(22)}${description}`,
  );
  return [
    'Usage: main.ts <role>',
    '       main.ts enqueue <entry> [--at <ISO 8601 time>]',
    '       main.ts seed --password <password> [--drivers <number>] [--customers <number>]',
    '',
    'Roles:',
    ...lines,
    '',
    'Configuration comes from environment variables; see docs/configuration.md.',
  ].join('\n');
}

function isService(role: string | undefined): role is ServiceName {
  return role !== undefined && Object.hasOwn(services, role);
}

/** Whether parseArgs of Node threw this. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

async function playRole<Service extends ServiceName>(role: Service): Promise<number> {
  const module = await serviceModules[role]();
  return runService({ platform: smartEats, role, module, env: process.env });
}

async function seed(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      drivers: { type: 'string', default: '10' },
      customers: { type: 'string', default: '5' },
      password: { type: 'string' },
    },
  });
  const [drivers, customers] = [Number(values.drivers), Number(values.customers)];
  const { password } = values;
  if (!Number.isSafeInteger(drivers) || !Number.isSafeInteger(customers) || password === undefined) {
    process.stderr.write(`${usage()}\n`);
    return 2;
  }
  const accounts = await runSeed(process.env, { drivers, customers, password });
  process.stdout.write(`${JSON.stringify({ accounts })}\n`);
  return 0;
}

async function main([role, ...args]: readonly string[]): Promise<number> {
  if (role === '--help' || role === '-h') {
    process.stdout.write(`${usage()}\n`);
    return 0;
  }
  if (role === 'seed') return seed(args);
  if (role === 'enqueue') {
    const { enqueueCommand } = await import('./beat/enqueue-command.ts');
    return enqueueCommand(smartEats, args, process.env);
  }
  if (isService(role)) return playRole(role);
  const known = Object.keys({ ...services, ...commands }).join(', ');
  throw new PlatformError('ROLE_UNKNOWN', `${role ?? 'no role'} is not a role; the roles are: ${known}`);
}

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  // What is wrong with the call or the configuration is for people; anything else keeps its stack for us.
  if (error instanceof PlatformError) console.error(`${error.code}: ${error.message}`);
  else if (isUsageError(error)) console.error(`${error.message}\n\n${usage()}`);
  else console.error(error);
  process.exit(error instanceof PlatformError || isUsageError(error) ? 2 : 1);
}
