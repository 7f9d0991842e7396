import { describe, expect, it } from '@jest/globals';
import { needsServers, planServers } from '../../../local/setup/server-plan.mjs';

const bareDebian = {
  missing: ['redis-server', 'rabbitmq-server'],
  extra: [],
  platform: 'linux',
  aptGet: true,
  root: true,
  sudo: false,
};

describe('the plan for missing servers', () => {
  it('is nothing when both are there', () => {
    expect(planServers({ ...bareDebian, missing: [] })).toEqual({ kind: 'nothing' });
  });

  it('installs both on a bare Debian as root', () => {
    const packages = ['redis-server', 'rabbitmq-server'];
    expect(planServers(bareDebian)).toEqual({ kind: 'apt', packages, sudo: false });
  });

  it('installs with sudo where that asks for no password', () => {
    expect(planServers({ ...bareDebian, root: false, sudo: true })).toMatchObject({
      kind: 'apt',
      sudo: true,
    });
  });

  it('leaves a server alone that is there already', () => {
    expect(planServers({ ...bareDebian, missing: ['rabbitmq-server'] })).toMatchObject({
      packages: ['rabbitmq-server'],
    });
  });

  it('names the apt-get command to a user without rights', () => {
    expect(planServers({ ...bareDebian, root: false })).toEqual({
      kind: 'manual',
      line: 'SmartEats needs redis-server and rabbitmq-server; run: sudo apt-get install redis-server rabbitmq-server',
    });
  });

  it('names the brew command on macOS', () => {
    expect(planServers({ ...bareDebian, platform: 'darwin', aptGet: false, root: false })).toEqual({
      kind: 'manual',
      line: 'SmartEats needs redis-server and rabbitmq-server; run: brew install redis rabbitmq',
    });
  });

  it('installs what only tests need along with the servers, or by itself', () => {
    const extra = ['python3-celery', 'python3-redis'];
    expect(planServers({ ...bareDebian, extra })).toMatchObject({
      packages: ['redis-server', 'rabbitmq-server', ...extra],
    });
    expect(planServers({ ...bareDebian, missing: [], extra })).toMatchObject({ packages: extra });
  });

  it('goes on without what only tests need, and names the command to a user without rights', () => {
    const machine = { ...bareDebian, missing: [], extra: ['python3-celery'], root: false };
    const line = 'Some tests are skipped; to run them: sudo apt-get install python3-celery';
    expect(planServers(machine)).toEqual({ kind: 'hint', line });
    expect(planServers({ ...machine, aptGet: false })).toEqual({ kind: 'nothing' });
  });

  it('says on other systems what to install', () => {
    const machine = { ...bareDebian, missing: ['redis-server'], aptGet: false };
    expect(planServers(machine)).toEqual({
      kind: 'manual',
      line: "SmartEats needs redis-server; install it with this system's package manager.",
    });
  });
});

describe('a command line', () => {
  it.each([[['up']], [['demo', '--orders', '200']], [['--verbose', 'up']]])(
    '%j needs the servers',
    (args) => {
      expect(needsServers(args)).toBe(true);
    },
  );

  it.each([
    [[]],
    [['synth']],
    [['--help']],
    [['up', '--help']],
    [['demo', '-h']],
    [['synth', 'up']],
    [['demo', '--context', 'kind-smarteats']],
    [['demo', '--kubeconfig=file']],
  ])('%j does not need the servers', (args) => {
    expect(needsServers(args)).toBe(false);
  });
});
