import { type ClusterObject, groupOf } from '../cluster/cluster-object.ts';

/** The parts of a deployment, in the order in which they are applied. */
export const phases = [
  'namespace',
  'definitions',
  'access',
  'configuration',
  'stores',
  'broker',
  'services',
  'monitoring',
] as const;
export type Phase = (typeof phases)[number];

const phaseOfKind: Readonly<Record<string, Phase>> = {
  Namespace: 'namespace',
  CustomResourceDefinition: 'definitions',
  ClusterRole: 'access',
  ClusterRoleBinding: 'access',
  LimitRange: 'access',
  NetworkPolicy: 'access',
  PriorityClass: 'access',
  ResourceQuota: 'access',
  Role: 'access',
  RoleBinding: 'access',
  ServiceAccount: 'access',
  ConfigMap: 'configuration',
  Secret: 'configuration',
};

const phaseOfComponent: Readonly<Record<string, Phase>> = {
  store: 'stores',
  broker: 'broker',
  monitoring: 'monitoring',
};

/**
 * When an object is applied: first what others are in or refer to, then what they connect to. Pods that start
 * in this order find their servers, though none depends on it.
 */
export function phaseOf(object: ClusterObject): Phase {
  const component = object.metadata.labels?.['app.kubernetes.io/component'] ?? '';
  return (
    phaseOfKind[object.kind] ??
    phaseOfComponent[component] ??
    (groupOf(object.apiVersion) === 'monitoring.coreos.com' ? 'monitoring' : 'services')
  );
}

/** The objects of each part that has any; within a part they keep their order. */
export function inApplyOrder(
  objects: readonly ClusterObject[],
): readonly { readonly phase: Phase; readonly objects: readonly ClusterObject[] }[] {
  return phases
    .map((phase) => ({ phase, objects: objects.filter((object) => phaseOf(object) === phase) }))
    .filter((part) => part.objects.length > 0);
}
