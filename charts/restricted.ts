import type { k8s } from 'cdk8s-plus-27';

/** The numeric user and group that a container runs as, and that its volumes belong to. */
export interface Identity {
  readonly user: number;
  readonly group: number;
}

/** Of our own image; 10000 and above, so that it meets no user of the node. */
export const platformIdentity: Identity = { user: 10_001, group: 10_001 };

/** Of the official Redis image, which owns its files as this user. */
export const redisIdentity: Identity = { user: 999, group: 1000 };

/** Of the official RabbitMQ image (alpine), which owns its files as this user. */
export const rabbitmqIdentity: Identity = { user: 100, group: 101 };

/** Of the redis_exporter image; its one file can be read by anyone. */
export const redisExporterIdentity: Identity = { user: 59_000, group: 59_000 };

/** `nobody` of the images of Prometheus and Alertmanager; Grafana, too, runs as any user that can write its volumes. */
export const nobodyIdentity: Identity = { user: 65_534, group: 65_534 };

/** What the Pod Security level `restricted` asks of a pod. */
export function unprivileged({ user, group }: Identity): k8s.PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: group,
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/**
 * The same of a pod with volumes of its own. A fresh volume belongs to root, so the group is given
 * to it, once: RabbitMQ refuses its cookie file if the group of every file is set again at each start.
 */
export function podSecurity(identity: Identity): k8s.PodSecurityContext {
  return {
    ...unprivileged(identity),
    fsGroup: identity.group,
    fsGroupChangePolicy: 'OnRootMismatch',
  };
}

/** What it asks of a container, and a root file system that nobody can write to. */
export const containerSecurity: k8s.SecurityContext = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
};

/** Fields of every pod: no access to the Kubernetes API, and no variables made of the Services' names. */
export const isolatedPod = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
} as const;
