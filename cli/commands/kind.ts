import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { checkout } from '../../local/checkout.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { cluster } from '../kind/names.ts';
import { Programs } from '../kind/programs.ts';
import { bringUp, remove } from '../kind/workflow.ts';
import { deployCommand } from './deploy.ts';
import { statusCommand } from './status.ts';
import { verifyCommand } from './verify.ts';

export interface KindCommandOptions {
  /** Removes the cluster and its registry instead. */
  readonly delete: boolean;
}

/** How long everything may take to come up, in seconds; the first time every image has to be fetched. */
const deployTimeout = 900;

/**
 * `smarteats kind`: the whole platform on a cluster of containers on this machine, or the end of that.
 * @returns the exit code: 0 only when everything is up and well, or everything is removed
 */
export async function kindCommand(options: KindCommandOptions): Promise<number> {
  const programs = new Programs(checkout, process.env);
  const report = (title: string) => console.log(title);
  if (options.delete) {
    await remove({ programs, report });
    return 0;
  }
  const profile = profileFromEnvironment(process.env);
  if (profile.name !== 'kind') {
    const message = `SMARTEATS_PROFILE must be kind for a kind cluster (is ${profile.name})`;
    throw new PlatformError('CONFIG_INVALID', message);
  }
  const { context } = cluster;
  const up = await bringUp({
    programs,
    report,
    version: profile.image.slice(profile.image.lastIndexOf(':') + 1),
    deploy: async (image) =>
      (await deployCommand({ context, image, dryRun: false, force: false, timeout: deployTimeout })) === 0,
    verify: async () => (await statusCommand({ context })) === 0 && (await verifyCommand({ context })) === 0,
  });
  if (up) printNextSteps(context);
  return up ? 0 : 1;
}

function printNextSteps(context: string): void {
  const rows: readonly (readonly [string, string])[] = [
    [
      'Open Grafana, Prometheus, RabbitMQ, Flower, API',
      `npm run smarteats -- dashboards --context ${context}`,
    ],
    ['Play orders on it', `npm run smarteats -- demo --context ${context}`],
    ['Look again', `npm run smarteats -- status --context ${context}`],
    ['Compare with the declarations', `npm run smarteats -- verify --context ${context}`],
    ['Bring changes onto it', 'npm run kind'],
    ['Remove it', 'npm run kind -- --delete'],
  ];
  console.log('\nThe platform is up.');
  for (const [label, command] of rows) console.log(`  ${label.padEnd(48)} ${command}`);
}
