import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { type Component, selectorLabels, workloadLabels } from './labels.ts';

/**
 * Lets one pod of a workload go at a time when a node is drained. A pod that is not healthy may always go,
 * so that a broken workload never blocks a drain.
 */
export function addDisruptionBudget(scope: Construct, name: string, component: Component): void {
  new k8s.KubePodDisruptionBudget(scope, `${name}-budget`, {
    metadata: { name, labels: workloadLabels(name, component) },
    spec: {
      maxUnavailable: k8s.IntOrString.fromNumber(1),
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
      selector: { matchLabels: selectorLabels(name) },
    },
  });
}

/**
 * Spreads the pods of a workload over zones and nodes as far as there are any. Both ways of saying so are given: the
 * scheduler weighs one by how even all pods are spread, the other by which node has one already.
 */
export function spread(name: string) {
  const labelSelector = { matchLabels: selectorLabels(name) };
  return {
    affinity: {
      podAntiAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: { topologyKey: hostname, labelSelector } },
        ],
      },
    },
    topologySpreadConstraints: ['topology.kubernetes.io/zone', hostname].map((topologyKey) => ({
      maxSkew: 1,
      topologyKey,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector,
    })),
  } satisfies Partial<k8s.PodSpec>;
}

const hostname = 'kubernetes.io/hostname';

/** An account for a workload's pods that can do nothing at the Kubernetes API. */
export function addServiceAccount(scope: Construct, name: string, component: Component): void {
  new k8s.KubeServiceAccount(scope, `${name}-account`, {
    metadata: { name, labels: workloadLabels(name, component) },
    automountServiceAccountToken: false,
  });
}
