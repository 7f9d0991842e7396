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
 * Installs redis-server and rabbitmq-server unless they are there. A server that is installed or running
 * already is not touched.
 * @returns {Promise<void>}
 * @throws {SetupError} when they cannot be installed; the message says what to do
 */
export async function ensureServers() {
  const missing = missingPrograms();
  if (missing.length === 0) return;
  const aptGet = locateProgram('apt-get') !== undefined;
  const root = process.getuid?.() === 0;
  const plan = planServers({
    missing,
    platform: process.platform,
    aptGet,
    root,
    sudo: aptGet && !root && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0,
  });
  if (plan.kind === 'manual') throw new SetupError(plan.line);
  if (plan.kind === 'nothing') return;
  const shell = ['sh', '-c', installScript, 'install', '/usr/sbin/policy-rc.d', ...plan.packages];
  const [command = 'sh', ...args] = plan.sudo ? ['sudo', '-n', ...shell] : shell;
  await runStep(`Installing ${plan.packages.join(' and ')} with apt-get`, command, args);
  const still = missingPrograms();
  if (still.length > 0)
    throw new SetupError(`${still.join(' and ')} cannot be found after the installation.`);
}

function missingPrograms() {
  return Object.keys(serverPackages).filter((program) => locateProgram(program) === undefined);
}
