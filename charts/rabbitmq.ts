import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { addDisruptionBudget, addServiceAccount, spread } from './availability.ts';
import { configurationDigest } from './configuration-digest.ts';
import { clusterPorts } from './flows.ts';
import { selectorLabels, workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { rabbitmqPorts } from './providers.ts';
import { brokerFiles, nodesService } from './rabbitmq-configuration.ts';
import { brokerPod } from './rabbitmq-pod.ts';
import { claimSpec } from './size.ts';
import { SystemChart } from './system-chart.ts';

const name = 'rabbitmq';
const labels = workloadLabels(name, 'broker');
const metadata = { name, labels };

/** RabbitMQ with the platform's topology: one node, or a cluster of them. */
export class RabbitmqChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    const files = { ...brokerFiles(platform, profile) };
    addServiceAccount(this, name, 'broker');
    addDisruptionBudget(this, name, 'broker');
    new k8s.KubeConfigMap(this, 'configuration', { metadata, data: files });
    this.addServices();
    new k8s.KubeStatefulSet(this, 'server', {
      metadata,
      spec: {
        serviceName: nodesService,
        replicas: profile.rabbitmq.nodes,
        // A node that starts again may wait for its peers, so they must be allowed to start beside it.
        podManagementPolicy: 'Parallel',
        selector: { matchLabels: selectorLabels(name) },
        template: {
          metadata: { labels, annotations: configurationDigest(files) },
          spec: { ...brokerPod(profile), ...spread(name) },
        },
        volumeClaimTemplates: [
          { metadata: { name: 'data' }, spec: claimSpec(profile.rabbitmq.storageGiB, profile.storageClass) },
        ],
      },
    });
  }

  /** One Service for clients, and one that names each node, also before it is ready: nodes find each other by it. */
  private addServices(): void {
    new k8s.KubeService(this, 'service', {
      metadata,
      spec: { type: 'ClusterIP', selector: selectorLabels(name), ports: servicePorts(rabbitmqPorts) },
    });
    new k8s.KubeService(this, 'nodes', {
      metadata: { name: nodesService, labels },
      spec: {
        clusterIp: 'None',
        publishNotReadyAddresses: true,
        selector: selectorLabels(name),
        ports: servicePorts(clusterPorts),
      },
    });
  }
}

function servicePorts(ports: Readonly<Record<string, number>>): k8s.ServicePort[] {
  return Object.entries(ports).map(([port, number]) => ({
    name: port,
    port: number,
    targetPort: k8s.IntOrString.fromString(port),
  }));
}
