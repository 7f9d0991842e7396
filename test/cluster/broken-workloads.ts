import type { ClusterObject } from '../../cli/cluster/cluster-object.ts';

const restricted = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

interface Broken {
  readonly container?: Readonly<Record<string, unknown>>;
  readonly security?: Readonly<Record<string, unknown>>;
}

/** A Deployment of our own image in which one thing is wrong. */
function brokenDeployment(
  namespace: string,
  image: string,
  name: string,
  { container = {}, security = restricted }: Broken,
): ClusterObject {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10_001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name,
              image,
              command: ['node', '--eval', 'setInterval(() => {}, 1000)'],
              securityContext: security,
              resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '64Mi' } },
              ...container,
            },
          ],
        },
      },
    },
  };
}

/** One Deployment for each way in which pods fail to come up, by name. */
export function brokenWorkloads(namespace: string, image: string): readonly ClusterObject[] {
  const broken = (name: string, what: Broken) => brokenDeployment(namespace, image, name, what);
  return [
    broken('no-such-image', { container: { image: `${image}-that-nobody-built` } }),
    broken('crashing', {
      container: { command: ['node', '--eval', "console.error('the wheel came off'); process.exit(3)"] },
    }),
    broken('too-big', { container: { resources: { requests: { cpu: '1000' } } } }),
    broken('never-ready', {
      container: { readinessProbe: { tcpSocket: { port: 4999 }, periodSeconds: 1 } },
    }),
    broken('without-its-secret', {
      container: {
        env: [{ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'nobody-made-it', key: 'token' } } }],
      },
    }),
    broken('privileged', { security: { privileged: true } }),
  ];
}
