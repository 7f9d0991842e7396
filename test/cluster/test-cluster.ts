import { setTimeout as delay } from 'node:timers/promises';
import { defineProfile, type Profile } from '../../charts/profile.ts';
import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { idOf } from '../../cli/cluster/cluster-object.ts';
import { type Cluster, connectToCluster } from '../../cli/cluster/connection.ts';
import { type Deployment, type DeployOptions, deploy } from '../../cli/deploy/deploy.ts';
import { synthesizedObjects } from '../../cli/deploy/manifests.ts';
import { smartEats } from '../../workers/platform/platform.ts';

/** The environment variable that names the kubeconfig of a cluster for tests. */
const variable = 'SMARTEATS_TEST_KUBECONFIG';

/** What a deployment said. */
export interface Told {
  readonly lines: readonly string[];
  readonly deployment: Deployment;
}

/** A real cluster, and a namespace in it that the tests have to themselves. */
export interface TestCluster {
  readonly cluster: Cluster;
  readonly profile: Profile;
  deploy(
    options?: Partial<Pick<DeployOptions, 'platform' | 'profile' | 'force' | 'timeoutMs'>>,
  ): Promise<Told>;
  /** Removes the namespaces with everything in them, and what is in none. */
  remove(): Promise<void>;
}

/** Connects to the cluster that the environment names. */
function connectToTestCluster(): Promise<Cluster> {
  const kubeconfig = process.env[variable];
  if (!kubeconfig) throw new Error(`${variable} must name a kubeconfig: these tests need a real cluster`);
  return connectToCluster({ kubeconfig });
}

/** Whether an operator runs in the test cluster, by the name that its own release labels it with. */
export async function operatorRuns(name: string): Promise<boolean> {
  const { apps } = await connectToTestCluster();
  const labelSelector = `app.kubernetes.io/name=${name}`;
  const { items } = await apps.listDeploymentForAllNamespaces({ labelSelector });
  return items.some(({ status }) => (status?.availableReplicas ?? 0) > 0);
}

/**
 * Connects to the cluster that the environment names, and gives the tests an empty namespace there. The image of the
 * services must be where SMARTEATS_IMAGE_REGISTRY and SMARTEATS_IMAGE_TAG say.
 */
export async function openTestCluster(namespace: string): Promise<TestCluster> {
  const cluster = await connectToTestCluster();
  const wanted = profileFromEnvironment(process.env);
  const { watched } = wanted.nodes;
  const profile = defineProfile('kind', { namespace, nodes: { watched }, ...imageOf(wanted) });
  const remove = () => removeAll(cluster, profile);
  await remove();
  return {
    cluster,
    profile,
    remove,
    deploy: async (options = {}) => {
      const lines: string[] = [];
      const deployment = await deploy(cluster, {
        platform: smartEats,
        profile,
        force: false,
        timeoutMs: 420_000,
        signal: AbortSignal.timeout(540_000),
        report: { line: (text) => void lines.push(text), progress: () => undefined },
        ...options,
      });
      return { lines, deployment };
    },
  };
}

function imageOf({ image }: Profile): { readonly imageRegistry: string; readonly imageTag: string } {
  const [, imageRegistry = '', imageTag = ''] = /^(.*)\/smarteats:(.*)$/.exec(image) ?? [];
  return { imageRegistry, imageTag };
}

async function removeAll({ objects }: Cluster, profile: Profile): Promise<void> {
  const all = await synthesizedObjects(smartEats, profile);
  const ids = all.filter(({ metadata }) => metadata.namespace === undefined).map(idOf);
  for (const id of ids) await objects.remove(id);
  for (const id of ids) while ((await objects.find(id)) !== undefined) await delay(500);
}
