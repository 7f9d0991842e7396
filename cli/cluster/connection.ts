import { AppsV1Api, CoreV1Api, KubeConfig, VersionApi } from '@kubernetes/client-node';
import { PlatformError } from '../../workers/platform/errors.ts';
import { clusterFailure } from './failures.ts';
import { ObjectApi } from './object-api.ts';

/** Which cluster is meant. */
export interface ClusterChoice {
  /** @default the files that KUBECONFIG lists, or ~/.kube/config */
  readonly kubeconfig?: string;
  /** @default the kubeconfig's current context */
  readonly context?: string;
}

/** A cluster that has answered, and the ways to talk to it. */
export interface Cluster {
  readonly context: string;
  /** Address of its API. */
  readonly server: string;
  readonly config: KubeConfig;
  readonly objects: ObjectApi;
  readonly core: CoreV1Api;
  readonly apps: AppsV1Api;
  /** Turns what went wrong with a request into an error of the catalogue. */
  failure(error: unknown): unknown;
}

/**
 * Finds the chosen cluster and asks it for its version.
 * @throws PlatformError CLUSTER_NOT_CONFIGURED, CLUSTER_UNREACHABLE or CLUSTER_ACCESS_DENIED, each in one line
 */
export async function connectToCluster(choice: ClusterChoice): Promise<Cluster> {
  const config = loadConfiguration(choice.kubeconfig);
  const context = choice.context ?? config.getCurrentContext();
  const known = config.getContexts().map(({ name }) => name);
  if (!known.includes(context)) {
    const wanted = context ? `there is no context ${context}` : 'no context is chosen';
    const offer = known.length > 0 ? known.join(', ') : 'none';
    throw new PlatformError('CLUSTER_NOT_CONFIGURED', `${wanted}; the kubeconfig has: ${offer}`);
  }
  config.setCurrentContext(context);
  const server = config.getCurrentCluster()?.server ?? 'unknown address';
  const failure = (error: unknown) => clusterFailure(error, context, server);
  try {
    await config.makeApiClient(VersionApi).getCode();
  } catch (error) {
    const known = failure(error);
    if (known instanceof PlatformError) throw known;
    // What is left is the user's own credentials: a file or a helper program that the kubeconfig names.
    const reason = error instanceof Error ? error.message : String(error);
    throw new PlatformError('CLUSTER_UNREACHABLE', `context ${context}: ${reason}`, { cause: error });
  }
  return {
    context,
    server,
    config,
    objects: config.makeApiClient(ObjectApi),
    core: config.makeApiClient(CoreV1Api),
    apps: config.makeApiClient(AppsV1Api),
    failure,
  };
}

/** The kubeconfig, as kubectl would find it. */
function loadConfiguration(file: string | undefined): KubeConfig {
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else config.loadFromFile(file);
  } catch (cause) {
    const where = file ?? process.env['KUBECONFIG'] ?? '~/.kube/config';
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('CLUSTER_NOT_CONFIGURED', `the kubeconfig ${where} cannot be read: ${reason}`, {
      cause,
    });
  }
  // Without any configuration the client makes one up that leads to a server on this machine.
  if (config.getCurrentContext() === 'loaded-context') {
    throw new PlatformError(
      'CLUSTER_NOT_CONFIGURED',
      'there is no kubeconfig: neither KUBECONFIG nor ~/.kube/config',
    );
  }
  return config;
}
