import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { fileSystemsOfTheKernel } from '../workers/platform/file-systems.ts';
import { addServiceAccount } from './availability.ts';
import { addDiscovery } from './discovery.ts';
import { selectorLabels, workloadLabels } from './labels.ts';
import { readsTheNode } from './lint-exceptions.ts';
import { denyAll, neighbours } from './network.ts';
import type { Profile } from './profile.ts';
import { nodeExporterPort } from './providers.ts';
import { containerSecurity, isolatedPod, nobodyIdentity, unprivileged } from './restricted.ts';
import { httpProbe, tcpProbe } from './server.ts';
import { resourcesOf } from './size.ts';
import { SystemChart } from './system-chart.ts';

const name = 'node-exporter';
const metadata = { name, labels: workloadLabels(name, 'monitoring') };
const portName = 'metrics';
/** Where the pod sees the file systems of its node. */
const host = '/host';

/**
 * What each node says of its processors, memory and disks, as metrics. It needs to see the node's file systems, which
 * the level `restricted` forbids, so it has a namespace to itself. It has no other right, and shares neither the network nor
 * the processes of the node: the figures in use need no more than files, among them those of the node's `/proc`.
 */
export class NodeExporterChart extends SystemChart {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, profile, profile.nodes.namespace);
    addServiceAccount(this, name, 'monitoring');
    denyAll(this);
    this.addNetworkPolicy(profile);
    addDiscovery(this, profile);
    new k8s.KubeService(this, 'service', {
      metadata,
      spec: {
        // Each node is asked by itself, so there is no address for all.
        clusterIp: 'None',
        selector: selectorLabels(name),
        ports: [
          {
            name: portName,
            port: nodeExporterPort,
            targetPort: k8s.IntOrString.fromString(portName),
            appProtocol: 'http',
          },
        ],
      },
    });
    new k8s.KubeDaemonSet(this, 'daemon-set', {
      metadata: { ...metadata, annotations: readsTheNode },
      spec: {
        revisionHistoryLimit: 3,
        selector: { matchLabels: selectorLabels(name) },
        updateStrategy: {
          type: 'RollingUpdate',
          rollingUpdate: { maxUnavailable: k8s.IntOrString.fromString('10%') },
        },
        template: { metadata: { labels: metadata.labels }, spec: podSpec(profile) },
      },
    });
  }

  /** Prometheus may ask, and nobody else; it asks nobody itself. */
  private addNetworkPolicy({ namespace }: Profile): void {
    new k8s.KubeNetworkPolicy(this, 'network-policy', {
      metadata,
      spec: {
        podSelector: { matchLabels: selectorLabels(name) },
        policyTypes: ['Ingress'],
        ingress: [
          {
            from: [neighbours({ namespace, labels: selectorLabels('prometheus') })],
            ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(nodeExporterPort) }],
          },
        ],
      },
    });
  }
}

function podSpec({ nodes }: Profile): k8s.PodSpec {
  return {
    ...isolatedPod,
    serviceAccountName: name,
    // No group is given to the node's own files.
    securityContext: unprivileged(nobodyIdentity),
    terminationGracePeriodSeconds: 30,
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    // A node that takes no other pods, or is about to be out of disk, is watched as well.
    tolerations: [{ operator: 'Exists' }],
    containers: [
      {
        name,
        image: nodes.image,
        imagePullPolicy: 'IfNotPresent',
        args: [...flags],
        ports: [{ name: portName, containerPort: nodeExporterPort }],
        readinessProbe: { ...tcpProbe(portName), periodSeconds: 5, timeoutSeconds: 2 },
        livenessProbe: {
          ...httpProbe('/', portName),
          periodSeconds: 10,
          timeoutSeconds: 3,
          failureThreshold: 6,
        },
        resources: resourcesOf(nodes.size),
        securityContext: containerSecurity,
        // Disks that are mounted later are seen, too.
        volumeMounts: [
          { name: 'host', mountPath: host, readOnly: true, mountPropagation: 'HostToContainer' },
        ],
      },
    ],
    volumes: [{ name: 'host', hostPath: { path: '/', type: 'Directory' } }],
  };
}

/**
 * What alerts, dashboards and runbooks use, and no more. Volumes of pods are left to the kubelet, which knows whose they
 * are; the layers of images lie on disks that are told already.
 */
const flags = [
  `--path.rootfs=${host}`,
  `--path.procfs=${host}/proc`,
  `--path.sysfs=${host}/sys`,
  '--collector.disable-defaults',
  ...['cpu', 'filesystem', 'loadavg', 'meminfo'].map((collector) => `--collector.${collector}`),
  `--collector.filesystem.fs-types-exclude=${fileSystemsOfTheKernel}`,
  '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/(containerd|containers|docker|kubelet|rancher)/.+)($|/)',
];
