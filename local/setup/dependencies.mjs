import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SetupError } from './setup-error.mjs';
import { runStep } from './step.mjs';

/**
 * The part of a lock file that says which package lies where.
 * @typedef {{ packages: Record<string, { version?: string, optional?: boolean, devOptional?: boolean }> }} Lock
 */

/**
 * Whether the installed packages are those of the lock file. npm writes what it installed into
 * `node_modules/.package-lock.json` as its last act, so an interrupted installation is not in step either.
 *
 * @param {Lock} wanted package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {boolean}
 */
export function inStep(wanted, installed) {
  if (installed === undefined) return false;
  const surplus = Object.keys(installed.packages).some((path) => !(path in wanted.packages));
  return (
    !surplus &&
    Object.entries(wanted.packages).every(([path, entry]) => {
      const found = installed.packages[path];
      // Packages for other processors and systems are optional and stay out.
      if (path === '' || (found === undefined && (entry.optional || entry.devOptional))) return true;
      return found !== undefined && found.version === entry.version;
    })
  );
}

/**
 * Installs the node modules of the lock file unless they are there.
 * @param {string} root the checkout
 * @returns {Promise<void>}
 * @throws {SetupError} when npm fails
 */
export async function ensureDependencies(root) {
  const wanted = await readLock(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new SetupError(`${join(root, 'package-lock.json')} cannot be read`);
  if (inStep(wanted, await readLock(join(root, 'node_modules', '.package-lock.json')))) return;
  const npm = npmCommand(process.env);
  // `--include=dev` because NODE_ENV=production would leave out what the tests need.
  const flags = ['ci', '--include=dev', '--ignore-scripts', '--no-fund', '--no-audit', '--loglevel=error'];
  await runStep('Installing the node modules', npm.command, [...npm.args, ...flags], { cwd: root });
}

/**
 * The npm that is running this script, or the one on the path.
 * @param {NodeJS.ProcessEnv} env
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand(env) {
  const running = env['npm_execpath'];
  return running?.endsWith('npm-cli.js')
    ? { command: process.execPath, args: [running] }
    : { command: 'npm', args: [] };
}

/**
 * @param {string} file
 * @returns {Promise<Lock | undefined>}
 */
async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
