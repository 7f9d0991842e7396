import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { VariableName } from '../workers/platform/environment.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { ServiceDeclaration } from '../workers/platform/services.ts';
import { addDisruptionBudget, addServiceAccount, spread } from './availability.ts';
import { callsOf } from './flows.ts';
import { endpointRemovalSeconds, graceOf } from './grace.ts';
import { type Component, selectorLabels, workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { containerSecurity, isolatedPod, platformIdentity, podSecurity } from './restricted.ts';
import { claimSpec, resourcesOf, scratchVolume, withMemory } from './size.ts';
import { variablesOfContainer } from './variables.ts';

/** A service of ours, and what its Deployment has beyond the declarations. */
export interface WorkloadProps {
  readonly platform: Platform;
  readonly profile: Profile;
  readonly component: Component;
  /** @default not set, for an autoscaler decides it */
  readonly replicas?: number;
  /**
   * A volume of its own; then it is a StatefulSet, which makes a pod only when the last one has ended: of a
   * Deployment two may run at once, whatever its strategy, as soon as a pod is evicted or deleted. @default none
   */
  readonly volume?: {
    readonly mountPath: string;
    readonly storageGiB: number;
    readonly variables: Partial<Readonly<Record<VariableName, string>>>;
  };
  /** Files that every pod reads and none writes, on the volume of a claim that is made outside of the manifests. @default none */
  readonly files?:
    | {
        readonly claim: string;
        readonly mountPath: string;
        readonly variables: Partial<Readonly<Record<VariableName, string>>>;
      }
    | undefined;
}

/** Adds everything one service of ours consists of: workload, Service, ServiceAccount, disruption budget. */
export function addWorkload(
  scope: Construct,
  name: string,
  service: ServiceDeclaration,
  props: WorkloadProps,
): void {
  const { component, profile, volume } = props;
  const metadata = { name, labels: workloadLabels(name, component) };
  addServiceAccount(scope, name, component);
  addService(scope, name, service, props);
  addDisruptionBudget(scope, name, component);
  const selector = { matchLabels: selectorLabels(name) };
  const template = { metadata: { labels: metadata.labels }, spec: podSpec(name, service, props) };
  const replicas = props.replicas === undefined ? {} : { replicas: props.replicas };
  if (volume) {
    const claim = { metadata: { name: 'data' }, spec: claimSpec(volume.storageGiB, profile.storageClass) };
    new k8s.KubeStatefulSet(scope, name, {
      metadata,
      spec: {
        ...replicas,
        serviceName: name,
        revisionHistoryLimit: 3,
        selector,
        template,
        volumeClaimTemplates: [claim],
      },
    });
    return;
  }
  const rollingUpdate = {
    maxSurge: k8s.IntOrString.fromNumber(1),
    maxUnavailable: k8s.IntOrString.fromNumber(0),
  };
  new k8s.KubeDeployment(scope, name, {
    metadata,
    spec: {
      ...replicas,
      revisionHistoryLimit: 3,
      selector,
      strategy: { type: 'RollingUpdate', rollingUpdate },
      template,
    },
  });
}

function podSpec(name: string, service: ServiceDeclaration, props: WorkloadProps): k8s.PodSpec {
  return {
    ...isolatedPod,
    serviceAccountName: name,
    securityContext: podSecurity(platformIdentity),
    terminationGracePeriodSeconds: graceOf(props.platform, name).terminationSeconds,
    ...spread(name),
    containers: [container(name, service, props)],
    volumes: [
      scratchVolume('tmp', 32),
      ...(props.files
        ? [{ name: 'files', persistentVolumeClaim: { claimName: props.files.claim, readOnly: true } }]
        : []),
    ],
  };
}

/** What the threads of a worker of tasks take, in MiB. */
function threadMemoryOf({ taskQueues }: Platform, { taskQueue }: ServiceDeclaration): number {
  return taskQueue === undefined ? 0 : (taskQueues[taskQueue]?.threadMemoryMiB ?? 0);
}

function container(name: string, service: ServiceDeclaration, props: WorkloadProps): k8s.Container {
  const { platform, profile, volume, files } = props;
  const called = callsOf(platform, profile).some(({ to }) => 'workload' in to && to.workload === name);
  return {
    name,
    image: profile.image,
    imagePullPolicy: 'IfNotPresent',
    args: [name],
    env: variablesOfContainer(platform, profile, name, { ...volume?.variables, ...files?.variables }),
    ports: portsOf(service).map(([port, containerPort]) => ({ name: port, containerPort })),
    ...probes,
    ...(called && { lifecycle: { preStop: keepServing } }),
    resources: resourcesOf(withMemory(profile.services.size, threadMemoryOf(platform, service))),
    securityContext: containerSecurity,
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(volume ? [{ name: 'data', mountPath: volume.mountPath }] : []),
      ...(files ? [{ name: 'files', mountPath: files.mountPath, readOnly: true }] : []),
    ],
  };
}

/** Live means that the process makes progress; ready, that it reaches what it needs. Only the first restarts a pod. */
const probes: Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'> = {
  startupProbe: { httpGet: probeAt('/livez'), periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 60 },
  livenessProbe: { httpGet: probeAt('/livez'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
  readinessProbe: { httpGet: probeAt('/readyz'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
};

function probeAt(path: string): k8s.HttpGetAction {
  return { path, port: k8s.IntOrString.fromString('http') };
}

/** The image need not have a shell or `sleep`, but it has node. */
const keepServing: k8s.LifecycleHandler = {
  exec: { command: ['node', '--eval', `setTimeout(() => {}, ${endpointRemovalSeconds * 1000})`] },
};

function addService(
  scope: Construct,
  name: string,
  service: ServiceDeclaration,
  { component, volume }: WorkloadProps,
): void {
  new k8s.KubeService(scope, `${name}-service`, {
    metadata: { name, labels: workloadLabels(name, component) },
    spec: {
      // A StatefulSet's Service names the pod itself, so it has no address of its own.
      ...(volume ? { clusterIp: 'None' } : { type: 'ClusterIP' }),
      selector: selectorLabels(name),
      ports: portsOf(service).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: k8s.IntOrString.fromString(port),
        ...(port === 'http' && { appProtocol: 'http' }),
      })),
    },
  });
}

function portsOf(service: ServiceDeclaration): readonly (readonly [string, number])[] {
  return [['http', service.port], ...Object.entries(service.extraPorts ?? {})];
}
