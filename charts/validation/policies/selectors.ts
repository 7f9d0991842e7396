import type { DisruptionBudgetSpec, ServiceSpec } from '../manifest.ts';
import { matches } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

const workloadSelectors: Policy = {
  name: 'workload-selectors',
  reason: 'A workload must find the pods that it makes, and no other workload may find them.',
  *check(manifests) {
    for (const { owner, labels, spec, selector } of manifests.pods.filter(({ serves }) => serves)) {
      if (!matches(selector, labels))
        yield { object: owner, problem: 'the selector does not match its own pods' };
      const others = manifests.select(selector, owner).filter((pod) => pod.owner !== owner);
      for (const other of others)
        yield { object: owner, problem: `the selector matches the pods of ${other.owner.metadata.name} too` };
      for (const { labelSelector } of spec.topologySpreadConstraints ?? []) {
        if (!matches(labelSelector, labels))
          yield { object: owner, problem: 'a spread constraint counts other pods' };
      }
      const { preferredDuringSchedulingIgnoredDuringExecution: kept = [] } =
        spec.affinity?.podAntiAffinity ?? {};
      for (const { podAffinityTerm } of kept) {
        if (!matches(podAffinityTerm.labelSelector, labels))
          yield { object: owner, problem: 'it keeps away from other pods than its own' };
      }
    }
  },
};

const services: Policy = {
  name: 'services',
  reason: 'A Service that selects no pod, or a port that its pods do not name, is a connection refused.',
  *check(manifests) {
    for (const object of manifests.ofKind('Service')) {
      // The strict schema was checked before: this is the spec of a Service.
      const { selector, ports = [] } = object.spec as ServiceSpec;
      if (selector === undefined || Object.keys(selector).length === 0) {
        yield { object, problem: 'it has no selector' };
        continue;
      }
      const pods = manifests.select({ matchLabels: selector }, object);
      if (pods.length === 0) yield { object, problem: 'it selects no pod' };
      for (const pod of pods) {
        const named = pod.spec.containers
          .flatMap((container) => container.ports ?? [])
          .map(({ name }) => name);
        for (const { targetPort } of ports) {
          if (typeof targetPort !== 'string' || !named.includes(targetPort))
            yield { object, problem: `${targetPort} is no named port of ${pod.owner.metadata.name}` };
        }
      }
    }
  },
};

const disruptionBudgets: Policy = {
  name: 'disruption-budgets',
  reason:
    'Every serving workload that a drain takes pods from has a budget, and none keeps a node from being drained.',
  *check(manifests) {
    const covered = new Set<string>();
    for (const object of manifests.ofKind('PodDisruptionBudget')) {
      // The strict schema was checked before: this is the spec of a PodDisruptionBudget.
      const budget = object.spec as DisruptionBudgetSpec;
      const pods = manifests.select(budget.selector, object);
      if (pods.length === 0) yield { object, problem: 'it selects no pod' };
      for (const { owner } of pods) covered.add(`${owner.kind}/${owner.metadata.name}`);
      if (budget.maxUnavailable === undefined || [0, '0', '0%'].includes(budget.maxUnavailable))
        yield { object, problem: 'maxUnavailable must allow a pod to go' };
      if (budget.minAvailable !== undefined)
        yield { object, problem: 'minAvailable blocks the drain of a workload with no more pods than that' };
      if (budget.unhealthyPodEvictionPolicy !== 'AlwaysAllow')
        yield { object, problem: 'unhealthyPodEvictionPolicy must be AlwaysAllow' };
    }
    for (const { owner, serves } of manifests.pods) {
      // A drain leaves the pods of DaemonSets alone, and budgets do not know them.
      if (serves && owner.kind !== 'DaemonSet' && !covered.has(`${owner.kind}/${owner.metadata.name}`))
        yield { object: owner, problem: 'no PodDisruptionBudget selects its pods' };
    }
  },
};

/** What finds pods by their labels. */
export const selectorPolicies: readonly Policy[] = [workloadSelectors, services, disruptionBudgets];
