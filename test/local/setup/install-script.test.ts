import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installScript } from '../../../local/setup/servers.mjs';

let directory: string;
let policy: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'smarteats-test-install-'));
  policy = join(directory, 'policy-rc.d');
});

afterEach(() => rmSync(directory, { recursive: true }));

/** Puts a program on the script's path that notes how it was called, and what the policy said meanwhile. */
function program(name: string, more = ''): void {
  const file = join(directory, name);
  const policySays = `$([ ! -x "${policy}" ] || { "${policy}"; echo " policy=$?"; })`;
  writeFileSync(file, `#!/bin/sh\necho "${name} $*${policySays}" >> "${directory}/calls"\n${more}\n`);
  chmodSync(file, 0o755);
}

/** Runs the script as the setup does, with apt-get and update-rc.d that do nothing. */
function install(...packages: string[]): { readonly code: number | null; readonly calls: readonly string[] } {
  const env = { PATH: [directory, '/usr/bin', '/bin'].join(delimiter) };
  const { status } = spawnSync('sh', ['-c', installScript, 'install', policy, ...packages], { env });
  return { code: status, calls: readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n') };
}

describe('the installation of the servers', () => {
  it('installs the packages while services are forbidden to start, and allows it again afterwards', () => {
    program('apt-get');
    program('update-rc.d');
    const { code, calls } = install('redis-server', 'rabbitmq-server');
    expect(code).toBe(0);
    expect(calls[0]).toBe('apt-get update policy=101');
    expect(calls[1]).toMatch(/^apt-get install -y .* redis-server rabbitmq-server policy=101$/);
    expect(existsSync(policy)).toBe(false);
  });

  it('keeps the services from starting at the next boot', () => {
    program('apt-get');
    program('update-rc.d');
    const { calls } = install('rabbitmq-server');
    expect(calls.at(-1)).toBe('update-rc.d rabbitmq-server disable policy=101');
  });

  it('leaves a policy alone that the machine has already', () => {
    program('apt-get');
    program('update-rc.d');
    writeFileSync(policy, '#!/bin/sh\nexit 0\n', { mode: 0o755 });
    expect(install('redis-server').calls[0]).toBe('apt-get update policy=0');
    expect(readFileSync(policy, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  });

  it('fails when a package cannot be installed, and allows services again all the same', () => {
    program('apt-get', '[ "$1" = update ] || exit 100');
    expect(install('redis-server').code).toBe(100);
    expect(existsSync(policy)).toBe(false);
  });

  it('goes on when a package list cannot be brought up to date, for the one that matters may be', () => {
    program('apt-get', '[ "$1" = install ] || exit 100');
    program('update-rc.d');
    expect(install('redis-server').code).toBe(0);
  });
});
