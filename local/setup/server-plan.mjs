/**
 * What the setup found on this machine.
 * @typedef {object} Machine
 * @property {readonly string[]} missing programs that are not installed
 * @property {string} platform as in `process.platform`
 * @property {boolean} aptGet whether apt-get is there
 * @property {boolean} root whether this is the superuser
 * @property {boolean} sudo whether sudo works without a password
 */

/**
 * What to do about it: nothing, install packages, or tell the user in one line.
 * @typedef {{ kind: 'nothing' }
 *   | { kind: 'apt', packages: readonly string[], sudo: boolean }
 *   | { kind: 'manual', line: string }} ServerPlan
 */

/**
 * Programs or modules by name, and the packages that bring them; not everything is in Homebrew.
 * @typedef {Readonly<Record<string, { apt: string, brew?: string }>>} Wanted
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
 * @param {Wanted} [wanted] the packages that bring the programs
 * @param {string} [who] who needs them, for the line
 * @returns {ServerPlan}
 */
export function planServers(
  { missing, platform, aptGet, root, sudo },
  wanted = serverPackages,
  who = 'SmartEats needs',
) {
  if (missing.length === 0) return { kind: 'nothing' };
  const packages = Object.entries(wanted).filter(([program]) => missing.includes(program));
  const apt = packages.map(([, names]) => names.apt);
  if (aptGet && (root || sudo)) return { kind: 'apt', packages: apt, sudo: !root };
  const needs = `${who} ${missing.join(' and ')}; `;
  const brew = packages.flatMap(([, names]) => names.brew ?? []);
  if (platform === 'darwin' && brew.length > 0) {
    return { kind: 'manual', line: `${needs}run: brew install ${brew.join(' ')}` };
  }
  if (aptGet) return { kind: 'manual', line: `${needs}run: sudo apt-get install ${apt.join(' ')}` };
  return {
    kind: 'manual',
    line: `${needs}install ${missing.length === 1 ? 'it' : 'them'} with this system's package manager.`,
  };
}

/**
 * Whether a command line of `smarteats` has the platform watched by what it can do without.
 * @param {readonly string[]} args
 * @returns {boolean}
 */
export function wantsWatchers(args) {
  return needsServers(args) && args.find((each) => !each.startsWith('-')) === 'up';
}

/** Commands that start servers. */
const commandsWithServers = new Set(['up', 'demo']);

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
