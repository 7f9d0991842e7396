import { spawnSync } from 'node:child_process';

/** Modules of Python that the tests with Celery itself need, and the packages of Debian's that bring them. */
const pythonPackages = { celery: 'python3-celery', redis: 'python3-redis' };

/** Writes the names among its arguments that are no modules; it imports none, which takes long. */
const script = `
import sys
from importlib.util import find_spec
print(*[name for name in sys.argv[1:] if find_spec(name) is None])
`;

/**
 * The packages that Debian's own Python lacks.
 * @param {string} [python]
 * @returns {readonly string[]}
 */
export function missingPythonPackages(python = '/usr/bin/python3') {
  const { status, stdout } = spawnSync(python, ['-c', script, ...Object.keys(pythonPackages)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const names = status === 0 ? stdout.trim().split(' ') : Object.keys(pythonPackages);
  return Object.entries(pythonPackages)
    .filter(([name]) => names.includes(name))
    .map(([, apt]) => apt);
}
