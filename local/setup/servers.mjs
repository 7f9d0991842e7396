import { spawnSync } from 'node:child_process';
import { locateProgram } from './programs.mjs';
import { missingPythonModules, pythonModules } from './python-modules.mjs';
import { planServers, serverPackages } from './server-plan.mjs';
import { SetupError } from './setup-error.mjs';
import { runStep } from './step.mjs';
import { watcherPrograms } from './watcher-programs.mjs';

/**
 * Installs packages without starting the services they bring, neither now nor at the next boot: the platform
 * runs servers of its own, and one nobody asked for would only hold a standard port open. Debian asks
 * policy-rc.d before it starts a service (exit code 101 forbids it); one that is there already is left alone.
 * Its path comes first among the arguments, then the packages. All of it is one script, so that the file is
 * removed also when this process is ended meanwhile.
 */
export const installScript = `
set -e
export DEBIAN_FRONTEND=noninteractive
policy=$1
shift
if [ ! -e "$policy" ]; then
  trap 'rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM HUP
  printf '#!/bin/sh\\nexit 101\\n' > "$policy"
  chmod 755 "$policy"
fi
apt-get update || true
apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
for package in "$@"; do
  update-rc.d "$package" disable || true
done
`;

/**
 * Installs redis-server and rabbitmq-server unless they are there. A server that is installed or running
 * already is not touched.
 * @returns {Promise<void>}
 * @throws {SetupError} when they cannot be installed; the message says what to do
 */
export async function ensureServers() {
  await ensure(missingServers, serverPackages);
}

/**
 * Installs Prometheus, Alertmanager and the exporters unless they are there. The platform runs without them, so a
 * machine that cannot have them is told what it misses, and nothing else.
 * @param {{ write(text: string): unknown }} [out]
 * @returns {Promise<void>}
 */
export async function ensureWatchers(out = process.stderr) {
  await orGoOn(ensure(missingWatchers, watcherPrograms), 'Going on without what watches the platform.', out);
}

/**
 * Installs Python's Celery unless it is there. Only the tests that talk to it need it; they say that they did not run.
 * @param {{ write(text: string): unknown }} [out]
 * @returns {Promise<void>}
 */
export async function ensurePython(out = process.stderr) {
  const installing = ensure(
    missingPythonModules,
    pythonModules,
    "Tests with Python's Celery need its modules",
  );
  await orGoOn(installing, 'Going on without these tests.', out);
}

/**
 * Says in place of failing what cannot be had.
 * @param {Promise<void>} installing
 * @param {string} goingOn
 * @param {{ write(text: string): unknown }} out
 */
async function orGoOn(installing, goingOn, out) {
  try {
    await installing;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    out.write(`${error.message}\n${goingOn}\n`);
  }
}

/**
 * @param {() => readonly string[]} findMissing
 * @param {import('./server-plan.mjs').Wanted} packages
 * @param {string} [who]
 * @returns {Promise<void>}
 * @throws {SetupError}
 */
async function ensure(findMissing, packages, who) {
  const missing = findMissing();
  if (missing.length === 0) return;
  const aptGet = locateProgram('apt-get') !== undefined;
  const root = process.getuid?.() === 0;
  const sudo = aptGet && !root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0;
  const machine = { missing, platform: process.platform, aptGet, root, sudo };
  const plan = planServers(machine, packages, who);
  if (plan.kind === 'manual') throw new SetupError(plan.line);
  if (plan.kind === 'nothing') return;
  const shell = ['sh', '-c', installScript, 'install', '/usr/sbin/policy-rc.d', ...plan.packages];
  const [command = 'sh', ...args] = plan.sudo ? ['sudo', '-n', ...shell] : shell;
  await runStep(`Installing ${plan.packages.join(' and ')} with apt-get`, command, args);
  const still = findMissing();
  if (still.length > 0)
    throw new SetupError(`${still.join(' and ')} cannot be found after the installation.`);
}

function missingServers() {
  return Object.keys(serverPackages).filter((program) => locateProgram(program) === undefined);
}

function missingWatchers() {
  return Object.entries(watcherPrograms)
    .filter(([, { programs }]) => programs.every((program) => locateProgram(program) === undefined))
    .map(([watcher]) => watcher);
}
