/** What `npm run kind` makes, as Docker, kind and kubectl call it. */
export const cluster = { name: 'smarteats', context: 'kind-smarteats' } as const;

/** The nodes of kind-config.yaml, as kind names their containers. */
export const nodes = [
  `${cluster.name}-control-plane`,
  `${cluster.name}-worker`,
  `${cluster.name}-worker2`,
] as const;

/** The registry that our image is pushed to on this machine, and pulled from by the nodes. */
export const registry = {
  container: 'smarteats-registry',
  image: 'registry:2.8.3',
  /** As this machine calls it. */
  address: 'localhost:5001',
  hostPort: 5001,
  containerPort: 5000,
  /** The network that kind puts its nodes into. */
  network: 'kind',
} as const;

/** The operators that the manifests need, as their projects publish them. */
export const operators = [
  {
    title: 'Prometheus operator 0.93.0',
    url: 'https://github.com/prometheus-operator/prometheus-operator/releases/download/v0.93.0/bundle.yaml',
    namespace: 'default',
    definitions: [
      'alertmanagers.monitoring.coreos.com',
      'prometheuses.monitoring.coreos.com',
      'prometheusrules.monitoring.coreos.com',
      'servicemonitors.monitoring.coreos.com',
    ],
    deployments: ['deployment/prometheus-operator'],
  },
  {
    title: 'KEDA 2.20.2',
    url: 'https://github.com/kedacore/keda/releases/download/v2.20.2/keda-2.20.2.yaml',
    namespace: 'keda',
    definitions: ['scaledobjects.keda.sh', 'triggerauthentications.keda.sh'],
    deployments: ['deployment', '--all'],
  },
] as const;
