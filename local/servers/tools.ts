import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PlatformError } from '../../workers/platform/errors.ts';

/** Where package managers put servers that are not on everybody's PATH. */
const homes = [
  '/usr/lib/rabbitmq/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
];

/** Packages that bring each program, as apt and brew call them. */
const packages: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server',
  'rabbitmq-server': 'rabbitmq-server',
  epmd: 'rabbitmq-server',
};

/**
 * The path of a server program. Debian's own wrapper in /usr/sbin changes the user, so the program
 * behind it comes first.
 * @throws PlatformError TOOL_MISSING
 */
export function findTool(name: string, path: string = process.env['PATH'] ?? ''): string {
  const found = [...homes, ...path.split(delimiter)]
    .map((directory) => join(directory, name))
    .find((candidate) => existsSync(candidate));
  if (found === undefined) {
    const wanted = packages[name] ?? name;
    throw new PlatformError(
      'TOOL_MISSING',
      `${name} is not installed: run "sudo apt-get install ${wanted}" or "brew install ${wanted.replace('-server', '')}"`,
    );
  }
  return found;
}
