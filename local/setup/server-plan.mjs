/**
 * What the setup found on this machine.
 * @typedef {object} Machine
 * @property {readonly string[]} missing programs that are not installed
 * @property {readonly string[]} extra packages of Debian's that are not installed, and without which all but some tests run
 * @property {string} platform as in `process.platform`
 * @property {boolean} aptGet whether apt-get is there
 * @property {boolean} root whether this is the superuser
 * @property {boolean} sudo whether sudo works without a password
 */

/**
 * What to do about it: nothing, install packages, or tell the user in one line what is better there (`hint`) or must be
 * (`manual`).
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'apt', packages: readonly string[], sudo: boolean }
 *   | { kind: 'hint', line: string }
 *   | { kind: 'manual', line: string }} ServerPlan
 */

/** The programs the platform needs, and the packages that bring them. */
export const serverPackages = {
  'redis-server': { apt: 'redis-server', brew: 'redis' },
  'rabbitmq-server': { apt: 'rabbitmq-server', brew: 'rabbitmq' },
};

/**
 * Decides how the missing servers come onto this machine. Only what is missing is named, so that a server
 * that is installed already is neither upgraded nor restarted.
 *
 * @param {Machine} machine
 * @returns {ServerPlan}
 */
export function planServers({ missing, extra, platform, aptGet, root, sudo }) {
  if (missing.length + extra.length === 0) return { kind: 'nothing' };
  const packages = Object.entries(serverPackages).filter(([program]) => missing.includes(program));
  const apt = [...packages.map(([, names]) => names.apt), ...extra];
  if (aptGet && (root || sudo)) return { kind: 'apt', packages: apt, sudo: !root };
  if (missing.length === 0) {
    return aptGet
      ? { kind: 'hint', line: `Some tests are skipped; to run them: sudo apt-get install ${apt.join(' ')}` }
      : { kind: 'nothing' };
  }
  const needs = `SmartEats needs ${missing.join(' and ')}; `;
  if (platform === 'darwin') {
    return {
      kind: 'manual',
      line: `${needs}run: brew install ${packages.map(([, names]) => names.brew).join(' ')}`,
    };
  }
  if (aptGet) return { kind: 'manual', line: `${needs}run: sudo apt-get install ${apt.join(' ')}` };
  return {
    kind: 'manual',
    line: `${needs}install ${missing.length === 1 ? 'it' : 'them'} with this system's package manager.`,
  };
}

/** Commands that start servers. */
const commandsWithServers = new Set(['up', 'demo', 'simulate']);

/** Options that choose a cluster, which has servers of its own. */
const clusterOption = /^--(context|kubeconfig)(=|$)/;

/**
 * Whether a command line of `smarteats` needs redis-server and rabbitmq-server.
 * @param {readonly string[]} args
 * @returns {boolean}
 */
export function needsServers(args) {
  if (args.includes('--help') || args.includes('-h')) return false;
  if (args.some((each) => clusterOption.test(each))) return false;
  const command = args.find((each) => !each.startsWith('-'));
  return command !== undefined && commandsWithServers.has(command);
}
