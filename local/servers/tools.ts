import { PlatformError } from '../../workers/platform/errors.ts';
import { locateProgram } from '../setup/programs.mjs';

/** Packages that bring each program, as apt and brew call them. */
const packages: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server',
  'rabbitmq-server': 'rabbitmq-server',
  epmd: 'rabbitmq-server',
};

/**
 * The path of a server program.
 * @throws PlatformError TOOL_MISSING
 */
export function findTool(name: string, path?: string): string {
  const found = locateProgram(name, path);
  if (found === undefined) {
    const wanted = packages[name] ?? name;
    throw new PlatformError(
      'TOOL_MISSING',
      `${name} is not installed: run "sudo apt-get install ${wanted}" or "brew install ${wanted.replace('-server', '')}"`,
    );
  }
  return found;
}
