import { type PushedImage, pushImage } from './image.ts';
import { clusterPlan, operatorPlan, removalPlan } from './plan.ts';
import type { Programs } from './programs.ts';
import { readState } from './state.ts';
import type { Step } from './step.ts';

export interface KindOptions {
  readonly programs: Programs;
  /** Version of the package; the image's tag begins with it. */
  readonly version: string;
  /** Brings the platform onto the cluster. Resolves to whether everything is up. */
  readonly deploy: (image: PushedImage) => Promise<boolean>;
  /** Resolves to whether all is well. */
  readonly verify: () => Promise<boolean>;
  /** Says what is done now. */
  readonly report: (title: string) => void;
}

/**
 * Makes a kind cluster with a registry, the operators and the platform on it, or brings one that is there up to date.
 * It can be run again at any time, also after it failed half-way.
 *
 * @returns whether everything is up and well
 * @throws PlatformError TOOL_MISSING, KIND_COMMAND_FAILED
 */
export async function bringUp(options: KindOptions): Promise<boolean> {
  const { programs, report } = options;
  await programs.check();
  await runAll(clusterPlan(await readState(programs)), options);
  const image = await pushImage(programs, options.version, report);
  await runAll(operatorPlan(), options);
  report('Deploying the platform');
  if (!(await options.deploy(image))) return false;
  report('Verifying');
  return options.verify();
}

/**
 * Removes the cluster and its registry, with all that is in them.
 * @throws PlatformError TOOL_MISSING, KIND_COMMAND_FAILED
 */
export async function remove({ programs, report }: Pick<KindOptions, 'programs' | 'report'>): Promise<void> {
  await programs.check();
  const plan = removalPlan(await readState(programs));
  if (plan.length === 0) report('There is neither a cluster nor a registry.');
  await runAll(plan, { programs, report });
}

async function runAll(
  steps: readonly Step[],
  { programs, report }: Pick<KindOptions, 'programs' | 'report'>,
): Promise<void> {
  let last = '';
  for (const step of steps) {
    if (step.title !== last) report(step.title);
    last = step.title;
    await programs.run(step);
  }
}
