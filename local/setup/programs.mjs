import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where package managers put servers that are not on everybody's PATH. */
const homes = [
  // Debian's own wrapper in /usr/sbin changes the user, so the program behind it comes first.
  '/usr/lib/rabbitmq/bin',
  '/opt/homebrew/sbin',
  '/opt/homebrew/bin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
];

/**
 * Directories that programs are looked for in: those of SMARTEATS_SERVER_PATH come before everything else, for servers
 * of another version than the one that is installed.
 * @param {string} path directories as in the variable PATH
 */
function searchPath(path = process.env['PATH'] ?? '') {
  return [process.env['SMARTEATS_SERVER_PATH'], ...homes, path].filter(Boolean).join(delimiter);
}

/**
 * The path of a program, or `undefined` when it is not installed.
 * @param {string} name
 * @param {string} [path] directories as in the variable PATH
 * @returns {string | undefined}
 */
export function locateProgram(name, path = process.env['PATH'] ?? '') {
  return searchPath(path)
    .split(delimiter)
    .filter((directory) => directory !== '')
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
