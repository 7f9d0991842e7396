import { spawnSync } from 'node:child_process';

/**
 * Modules of Debian's Python that the tests with Celery itself need, and the packages that bring them.
 * @type {Readonly<Record<string, { apt: string }>>}
 */
export const pythonModules = { celery: { apt: 'python3-celery' }, redis: { apt: 'python3-redis' } };

/** Writes the names among its arguments that are no modules; it imports none, which takes long. */
const script = `
import sys
from importlib.util import find_spec
print(*[name for name in sys.argv[1:] if find_spec(name) is None])
`;

/**
 * Those of the modules that Debian's own Python lacks.
 * @param {string} [python]
 * @returns {readonly string[]}
 */
export function missingPythonModules(python = '/usr/bin/python3') {
  const names = Object.keys(pythonModules);
  const { status, stdout } = spawnSync(python, ['-c', script, ...names], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  if (status !== 0) return names;
  const missing = stdout.trim().split(' ');
  return names.filter((name) => missing.includes(name));
}
