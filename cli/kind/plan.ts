import { cluster, nodes, operators, registry } from './names.ts';
import type { Step } from './step.ts';

/** What is there already. */
export interface KindState {
  readonly registry: 'absent' | 'stopped' | 'running';
  readonly cluster: 'absent' | 'there';
  /** Whether the registry is in the network of the nodes. */
  readonly connected: boolean;
}

/** The commands that make a cluster with a registry, whatever is there already; those that change nothing are safe to repeat. */
export function clusterPlan(state: KindState): readonly Step[] {
  return [
    ...registrySteps(state),
    ...clusterSteps(state),
    ...nodes.flatMap(registryOfNode),
    ...(state.connected ? [] : [connectRegistry]),
    announceRegistry,
  ];
}

/** The commands that bring the operators into the cluster, as `kubectl apply` would for anybody. */
export function operatorPlan(): readonly Step[] {
  return operators.flatMap(({ title, url, namespace, definitions, deployments }) => [
    kubectl(`Installing ${title}`, ['apply', '--server-side', '-f', url]),
    kubectl(`Waiting for the kinds of ${title}`, [
      'wait',
      '--for=condition=Established',
      '--timeout=60s',
      ...definitions.map((name) => `crd/${name}`),
    ]),
    kubectl(`Waiting for ${title}`, [
      ...['wait', '--namespace', namespace],
      '--for=condition=Available',
      '--timeout=300s',
      ...deployments,
    ]),
  ]);
}

/** The commands that remove the cluster and the registry, with all that is in them. */
export function removalPlan(state: KindState): readonly Step[] {
  const { name } = cluster;
  const remove: Step = {
    title: `Removing the cluster ${name}`,
    program: 'kind',
    args: ['delete', 'cluster', '--name', name],
  };
  const removeRegistry = docker('Removing the registry', ['rm', '--force', '--volumes', registry.container]);
  return [
    ...(state.cluster === 'there' ? [remove] : []),
    ...(state.registry === 'absent' ? [] : [removeRegistry]),
  ];
}

function registrySteps(state: KindState): readonly Step[] {
  const { container, image, hostPort, containerPort } = registry;
  switch (state.registry) {
    case 'running':
      return [];
    case 'stopped':
      return [docker('Starting the registry', ['start', container])];
    case 'absent':
      return [
        docker('Starting a registry', [
          ...['run', '--detach', '--restart=always', '--name', container],
          ...['--network', 'bridge', '--publish', `127.0.0.1:${hostPort}:${containerPort}`],
          image,
        ]),
      ];
  }
}

function clusterSteps(state: KindState): readonly Step[] {
  const { name } = cluster;
  if (state.cluster === 'absent') {
    const args = ['create', 'cluster', '--config', 'kind-config.yaml', '--wait', '180s'];
    return [{ title: `Making the cluster ${name} (a few minutes the first time)`, program: 'kind', args }];
  }
  // The cluster may have been made under another kubeconfig.
  const args = ['export', 'kubeconfig', '--name', name];
  return [{ title: `Using the cluster ${name}`, program: 'kind', args }];
}

/**
 * Tells a node that the registry's address on this machine is the registry's container: `localhost` is another place
 * in a node (containerd documentation, "Registry Host Namespace").
 */
function registryOfNode(node: string): readonly Step[] {
  const directory = `/etc/containerd/certs.d/${registry.address}`;
  const title = `Telling ${node} where the registry is`;
  return [
    docker(title, ['exec', node, 'mkdir', '-p', directory]),
    {
      ...docker(title, ['exec', '--interactive', node, 'cp', '/dev/stdin', `${directory}/hosts.toml`]),
      input: `[host."http://${registry.container}:${registry.containerPort}"]\n`,
    },
  ];
}

const connectRegistry = docker('Connecting the registry to the nodes', [
  'network',
  'connect',
  registry.network,
  registry.container,
]);

/** How tools find the registry of a cluster (Kubernetes enhancement 1755). */
const announceRegistry: Step = {
  ...kubectl('Saying in the cluster where the registry is', ['apply', '-f', '-']),
  input: `${JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'local-registry-hosting', namespace: 'kube-public' },
    data: { 'localRegistryHosting.v1': `host: "${registry.address}"\n` },
  })}\n`,
};

function docker(title: string, args: readonly string[]): Step {
  return { title, program: 'docker', args };
}

function kubectl(title: string, args: readonly string[]): Step {
  return { title, program: 'kubectl', args: ['--context', cluster.context, ...args] };
}
