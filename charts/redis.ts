import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { redisConfiguration, redisServerSettings } from '../workers/platform/redis-server.ts';
import { addDisruptionBudget, addServiceAccount, spread } from './availability.ts';
import { configurationDigest } from './configuration-digest.ts';
import { selectorLabels, workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { redisPort } from './providers.ts';
import { containerSecurity, isolatedPod, podSecurity, redisIdentity } from './restricted.ts';
import { claimSpec, resourcesOf, scratchVolume } from './size.ts';
import { SystemChart } from './system-chart.ts';

const name = 'redis';
/** The Service that gives the pod a name of its own, as a StatefulSet asks for. */
const nodesService = 'redis-nodes';
const metadata = { name, labels: workloadLabels(name, 'store') };
const dataDirectory = '/data';
const configurationFile = '/etc/redis/redis.conf';

/** One Redis that keeps its data on a volume. */
export class RedisChart extends SystemChart {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, profile);
    const files = { 'redis.conf': configurationOf(profile) };
    addServiceAccount(this, name, 'store');
    addDisruptionBudget(this, name, 'store');
    new k8s.KubeConfigMap(this, 'configuration', { metadata, data: files });
    this.addServices();
    new k8s.KubeStatefulSet(this, 'server', {
      metadata,
      spec: {
        serviceName: nodesService,
        replicas: 1,
        selector: { matchLabels: selectorLabels(name) },
        template: {
          metadata: { labels: metadata.labels, annotations: configurationDigest(files) },
          spec: {
            ...isolatedPod,
            serviceAccountName: name,
            securityContext: podSecurity(redisIdentity),
            terminationGracePeriodSeconds: 60,
            ...spread(name),
            containers: [container(profile)],
            volumes: [{ name: 'configuration', configMap: { name } }, scratchVolume('tmp', 16)],
          },
        },
        volumeClaimTemplates: [
          { metadata: { name: 'data' }, spec: claimSpec(profile.redis.storageGiB, profile.storageClass) },
        ],
      },
    });
  }

  private addServices(): void {
    const selector = selectorLabels(name);
    const ports = [{ name: 'redis', port: redisPort, targetPort: k8s.IntOrString.fromString('redis') }];
    new k8s.KubeService(this, 'service', { metadata, spec: { type: 'ClusterIP', selector, ports } });
    new k8s.KubeService(this, 'nodes', {
      metadata: { ...metadata, name: nodesService },
      spec: { clusterIp: 'None', selector, ports },
    });
  }
}

function container(profile: Profile): k8s.Container {
  const password = { valueFrom: { secretKeyRef: { name, key: 'REDIS_PASSWORD' } } };
  return {
    name,
    image: profile.redis.image,
    imagePullPolicy: 'IfNotPresent',
    args: [configurationFile, '--requirepass', '$(REDIS_PASSWORD)'],
    env: [
      { name: 'REDIS_PASSWORD', ...password },
      // Read by redis-cli, so that the password is on no command line.
      { name: 'REDISCLI_AUTH', ...password },
    ],
    ports: [{ name: 'redis', containerPort: redisPort }],
    // While it loads its data Redis answers PING with an error: alive, and only -e makes that a failure.
    readinessProbe: { exec: cli('-e', 'ping'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
    livenessProbe: {
      exec: cli('ping'),
      initialDelaySeconds: 10,
      periodSeconds: 10,
      timeoutSeconds: 5,
      failureThreshold: 6,
    },
    // A snapshot beside the append-only file, for whoever wants to copy the volume of a stopped Redis.
    lifecycle: { preStop: { exec: cli('save') } },
    resources: resourcesOf(profile.redis.size),
    securityContext: containerSecurity,
    volumeMounts: [
      { name: 'data', mountPath: dataDirectory },
      { name: 'configuration', mountPath: configurationFile, subPath: 'redis.conf', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

function cli(...args: readonly string[]): k8s.ExecAction {
  return { command: ['redis-cli', ...args] };
}

function configurationOf(profile: Profile): string {
  return redisConfiguration({
    ...redisServerSettings,
    dir: dataDirectory,
    port: redisPort,
    // The rest is for the copy-on-write of a rewrite and for the clients' buffers.
    maxmemory: `${Math.floor(profile.redis.size.memoryMiB.limit * 0.6)}mb`,
    'tcp-keepalive': 60,
  });
}
