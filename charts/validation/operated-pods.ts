import type { Container, LabelSelector, Manifest, PodSpec, PodTemplate } from './manifest.ts';

/** What prometheus-operator gives every container that it adds (prometheus-operator 0.93). */
const securityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** The main container of each kind: the ports and probes that the operator gives it (prometheus-operator 0.93). */
const servers: Readonly<Record<string, Pick<Container, 'name' | 'ports'>>> = {
  Prometheus: { name: 'prometheus', ports: [{ name: 'web', containerPort: 9090 }] },
  Alertmanager: {
    name: 'alertmanager',
    ports: [
      { name: 'web', containerPort: 9093 },
      { name: 'mesh-tcp', containerPort: 9094, protocol: 'TCP' },
      { name: 'mesh-udp', containerPort: 9094, protocol: 'UDP' },
    ],
  },
};

/** A custom resource that pods are made of: what it says of them, and what it adds to the operator's own containers. */
type OperatedSpec = Omit<PodSpec, 'containers' | 'volumes'> &
  Pick<Container, 'image' | 'resources'> & {
    readonly podMetadata?: { readonly labels?: Readonly<Record<string, string>> };
    readonly containers?: readonly Pick<Container, 'name' | 'resources'>[];
  };

/**
 * The pods that prometheus-operator makes of a resource, as far as the rules ask about them; `undefined` for other
 * kinds. The container that reloads the configuration has no probes, so it stands among those that prepare.
 */
export function operatedPodOf({
  kind,
  metadata,
  spec,
}: Manifest): { readonly template: PodTemplate; readonly selector: LabelSelector } | undefined {
  const server = servers[kind];
  if (server === undefined) return undefined;
  // The strict schema was checked before: both kinds name these fields alike.
  const {
    image,
    resources,
    podMetadata,
    containers = [],
    initContainers = [],
    ...pod
  } = spec as OperatedSpec;
  const reloader = (name: string, given: readonly Pick<Container, 'name' | 'resources'>[]): Container => ({
    name,
    image: 'quay.io/prometheus-operator/prometheus-config-reloader:v0.93.0',
    securityContext,
    ...given.find((each) => each.name === name),
  });
  const found = {
    'app.kubernetes.io/name': server.name,
    'app.kubernetes.io/instance': metadata.name,
    'app.kubernetes.io/managed-by': 'prometheus-operator',
  };
  const main: Container = {
    ...server,
    image,
    ...(resources && { resources }),
    securityContext,
    readinessProbe: { httpGet: { path: '/-/ready', port: 'web' } },
    livenessProbe: { httpGet: { path: '/-/healthy', port: 'web' } },
  };
  return {
    selector: { matchLabels: found },
    template: {
      metadata: { labels: { ...podMetadata?.labels, ...found } },
      spec: {
        ...pod,
        initContainers: [
          reloader('init-config-reloader', initContainers),
          reloader('config-reloader', containers),
        ],
        containers: [main],
      },
    },
  };
}
