import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { addDisruptionBudget, addServiceAccount, spread } from './availability.ts';
import { configurationDigest } from './configuration-digest.ts';
import { type Component, selectorLabels, workloadLabels } from './labels.ts';
import { containerSecurity, type Identity, isolatedPod, podSecurity } from './restricted.ts';
import { resourcesOf, type Size } from './size.ts';

/** A server that is not ours and keeps nothing: one pod, which another may replace at any time. */
export interface StatelessServerProps {
  readonly component: Component;
  readonly image: string;
  readonly size: Size;
  readonly identity: Identity;
  readonly port: { readonly name: string; readonly number: number };
  readonly env: readonly k8s.EnvVar[];
  readonly probes: Pick<k8s.Container, 'startupProbe' | 'livenessProbe' | 'readinessProbe'>;
  /** @default none */
  readonly volumes?: readonly k8s.Volume[];
  /** @default none */
  readonly volumeMounts?: readonly k8s.VolumeMount[];
  /** Contents of the configuration that the server reads only when it starts. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

/** Adds a server's Deployment, Service, ServiceAccount and disruption budget. */
export function addStatelessServer(scope: Construct, name: string, props: StatelessServerProps): void {
  const { component, port, files, volumes = [], volumeMounts = [] } = props;
  const metadata = { name, labels: workloadLabels(name, component) };
  addServiceAccount(scope, name, component);
  addDisruptionBudget(scope, name, component);
  new k8s.KubeService(scope, `${name}-service`, {
    metadata,
    spec: {
      type: 'ClusterIP',
      selector: selectorLabels(name),
      ports: [
        {
          name: port.name,
          port: port.number,
          targetPort: k8s.IntOrString.fromString(port.name),
          appProtocol: 'http',
        },
      ],
    },
  });
  new k8s.KubeDeployment(scope, name, {
    metadata,
    spec: {
      replicas: 1,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorLabels(name) },
      template: {
        metadata: { labels: metadata.labels, ...(files && { annotations: configurationDigest(files) }) },
        spec: {
          ...isolatedPod,
          serviceAccountName: name,
          securityContext: podSecurity(props.identity),
          terminationGracePeriodSeconds: 30,
          ...spread(name),
          containers: [
            {
              name,
              image: props.image,
              imagePullPolicy: 'IfNotPresent',
              env: [...props.env],
              ports: [{ name: port.name, containerPort: port.number }],
              ...props.probes,
              resources: resourcesOf(props.size),
              securityContext: containerSecurity,
              ...(volumeMounts.length > 0 && { volumeMounts: [...volumeMounts] }),
            },
          ],
          ...(volumes.length > 0 && { volumes: [...volumes] }),
        },
      },
    },
  });
}

/** A probe that asks for a page, and one that only asks whether the port is open. */
export function httpProbe(path: string, port: string): Pick<k8s.Probe, 'httpGet'> {
  return { httpGet: { path, port: k8s.IntOrString.fromString(port) } };
}

export function tcpProbe(port: string): Pick<k8s.Probe, 'tcpSocket'> {
  return { tcpSocket: { port: k8s.IntOrString.fromString(port) } };
}
