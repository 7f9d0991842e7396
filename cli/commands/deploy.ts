import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { listenForInterruption } from '../../local/interruption.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type ClusterChoice, connectToCluster } from '../cluster/connection.ts';
import { deploy } from '../deploy/deploy.ts';
import { dryRun } from '../deploy/dry-run.ts';
import { ProgressLine, seconds } from '../progress.ts';

export interface DeployCommandOptions extends ClusterChoice {
  /** Name of a profile. @default SMARTEATS_PROFILE, or kind */
  readonly profile?: string;
  /** Our image. @default what the environment and the profile say */
  readonly image?: { readonly registry: string; readonly tag: string };
  readonly dryRun: boolean;
  readonly force: boolean;
  /** How long everything may take to come up, in seconds. */
  readonly timeout: number;
}

/**
 * `smarteats deploy`: brings the platform onto a cluster, or to its newest declarations there.
 * @returns the exit code: 0 only when everything is as declared and up
 */
export async function deployCommand(options: DeployCommandOptions): Promise<number> {
  const interruption = listenForInterruption();
  const { signal } = interruption;
  const started = performance.now();
  try {
    const profile = profileFromEnvironment({
      ...process.env,
      ...(options.profile !== undefined && { SMARTEATS_PROFILE: options.profile }),
      ...(options.image && {
        SMARTEATS_IMAGE_REGISTRY: options.image.registry,
        SMARTEATS_IMAGE_TAG: options.image.tag,
      }),
    });
    const cluster = await connectToCluster(options);
    const verb = options.dryRun ? 'Trying' : 'Deploying';
    console.log(
      `${verb} profile ${profile.name}: namespace ${profile.namespace}, context ${cluster.context} (${cluster.server})`,
    );
    const line = new ProgressLine();
    const report = {
      line: (text: string) => line.print(text),
      progress: (text: string) => line.show(text),
    };
    const common = { platform: smartEats, profile, force: options.force, signal, report };
    const { complete } = options.dryRun
      ? await dryRun(cluster, common)
      : await deploy(cluster, { ...common, timeoutMs: options.timeout * 1_000 });
    line.print(conclusion(complete, options.dryRun, seconds(performance.now() - started)));
    return complete ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    console.log('\nStopped; what was applied stays, and the next deployment goes on from there');
    return 130;
  } finally {
    interruption.dispose();
  }
}

function conclusion(complete: boolean, dryRun: boolean, took: string): string {
  if (dryRun)
    return complete ? 'Nothing was changed.' : 'Nothing was changed, and not all of it would be accepted.';
  return complete
    ? `Deployed; everything is up (${took}).`
    : `Not everything is up (${took}); nothing was removed.`;
}
