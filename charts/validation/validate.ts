import { KubernetesSchema } from './kubernetes-schema.ts';
import type { Manifest } from './manifest.ts';
import { ManifestSet } from './manifest-set.ts';
import { containerPolicies } from './policies/containers.ts';
import { lifecyclePolicies } from './policies/lifecycle.ts';
import { monitoringPolicies } from './policies/monitoring.ts';
import { networkPolicies } from './policies/network.ts';
import { podSecurityPolicies } from './policies/pod-security.ts';
import { referencePolicies } from './policies/references.ts';
import { selectorPolicies } from './policies/selectors.ts';
import type { Policy, Violation } from './policy.ts';

/** A violation, and the rule that it breaks. */
export interface Finding extends Violation {
  readonly rule: string;
  readonly reason: string;
}

const schema = new KubernetesSchema();

/** Every rule of the platform, by theme. */
export const policies: readonly Policy[] = [
  ...podSecurityPolicies,
  ...containerPolicies,
  ...selectorPolicies,
  ...networkPolicies,
  ...referencePolicies,
  ...lifecyclePolicies,
  ...monitoringPolicies,
];

/**
 * Everything that is wrong with the objects of a synthesis. Objects that Kubernetes would not understand are
 * reported alone: the platform's own rules are asked only once the form is right.
 */
export function findingsOf(manifests: readonly Manifest[]): readonly Finding[] {
  const malformed = manifests.flatMap((object) =>
    schema.problemsOf(object).map((problem) => ({
      rule: 'schema',
      reason: 'Kubernetes 1.27 must know every field, and every value must have its type.',
      object,
      problem,
    })),
  );
  if (malformed.length > 0) return malformed;
  const set = new ManifestSet(manifests);
  return policies.flatMap(({ name, reason, check }) =>
    [...check(set)].map((violation) => ({ ...violation, rule: name, reason })),
  );
}
