import { spawnSync } from 'node:child_process';
import { locateProgram } from './programs.mjs';
import { planServers, serverPackages } from './server-plan.mjs';
import { SetupError } from './setup-error.mjs';
import { runStep } from './step.mjs';

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
 * Installs redis-server and rabbitmq-server unless they are there, and other packages along with them. A server that is
 * installed or running already is not touched.
 * @param {readonly string[]} [extra] packages that are not there; without them all but some tests run
 * @returns {Promise<void>}
 * @throws {SetupError} when the servers cannot be installed; the message says what to do
 */
export async function ensureServers(extra = []) {
  const missing = missingPrograms();
  if (missing.length + extra.length === 0) return;
  const aptGet = locateProgram('apt-get') !== undefined;
  const root = process.getuid?.() === 0;
  const plan = planServers({
    missing,
    extra,
    platform: process.platform,
    aptGet,
    root,
    sudo: aptGet && !root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
  });
  if (plan.kind === 'manual') throw new SetupError(plan.line);
  if (plan.kind === 'hint') console.error(plan.line);
  if (plan.kind !== 'apt') return;
  const shell = ['sh', '-c', installScript, 'install', '/usr/sbin/policy-rc.d', ...plan.packages];
  const [command = 'sh', ...args] = plan.sudo ? ['sudo', '-n', ...shell] : shell;
  try {
    await runStep(`Installing ${listed(plan.packages)} with apt-get`, command, args);
  } catch (error) {
    if (missing.length > 0 || !(error instanceof SetupError)) throw error;
    console.error(`${error.message}\nThe tests that need ${listed(extra)} are skipped.`);
  }
  const still = missingPrograms();
  if (still.length > 0)
    throw new SetupError(`${still.join(' and ')} cannot be found after the installation.`);
}

/** @param {readonly string[]} names */
function listed(names) {
  return names.length < 3 ? names.join(' and ') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function missingPrograms() {
  return Object.keys(serverPackages).filter((program) => locateProgram(program) === undefined);
}
