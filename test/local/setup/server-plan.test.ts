import { describe, expect, it } from '@jest/globals';
import { pythonModules } from '../../../local/setup/python-modules.mjs';
import { needsServers, planServers, wantsWatchers } from '../../../local/setup/server-plan.mjs';
import { watcherPrograms } from '../../../local/setup/watcher-programs.mjs';

const bareDebian = {
  missing: ['redis-server', 'rabbitmq-server'],
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

  it('says on other systems what to install', () => {
    const machine = { ...bareDebian, missing: ['redis-server'], aptGet: false };
    expect(planServers(machine)).toEqual({
      kind: 'manual',
      line: "SmartEats needs redis-server; install it with this system's package manager.",
    });
  });
});

describe('the plan for what watches the platform', () => {
  const all = Object.keys(watcherPrograms);

  it("installs Debian's packages", () => {
    expect(planServers({ ...bareDebian, missing: all }, watcherPrograms)).toMatchObject({
      kind: 'apt',
      packages: [
        'prometheus',
        'prometheus-alertmanager',
        'prometheus-redis-exporter',
        'prometheus-node-exporter',
      ],
    });
  });

  it('names the brew command on macOS, for what is missing alone', () => {
    const machine = {
      ...bareDebian,
      missing: ['prometheus', 'nodeExporter'],
      platform: 'darwin',
      aptGet: false,
    };
    expect(planServers(machine, watcherPrograms)).toMatchObject({
      kind: 'manual',
      line: expect.stringMatching(/run: brew install prometheus node_exporter$/),
    });
  });
});

describe("Python's modules for tests", () => {
  const machine = { ...bareDebian, missing: ['celery', 'redis'] };

  it("are installed as Debian's packages", () => {
    expect(planServers(machine, pythonModules)).toMatchObject({
      kind: 'apt',
      packages: ['python3-celery', 'python3-redis'],
    });
  });

  it('are told to whoever cannot install them, where Homebrew has none as well', () => {
    const who = 'Tests need';
    expect(planServers({ ...machine, root: false }, pythonModules, who)).toEqual({
      kind: 'manual',
      line: 'Tests need celery and redis; run: sudo apt-get install python3-celery python3-redis',
    });
    expect(
      planServers({ ...machine, platform: 'darwin', aptGet: false, root: false }, pythonModules, who),
    ).toEqual({
      kind: 'manual',
      line: "Tests need celery and redis; install them with this system's package manager.",
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

  it('has the platform watched when it is to stay up, and not for a demo', () => {
    expect(wantsWatchers(['up', '--keep'])).toBe(true);
    expect(wantsWatchers(['demo'])).toBe(false);
    expect(wantsWatchers(['up', '--help'])).toBe(false);
  });
});
