import type { Manifest, NetworkPeer, NetworkPolicySpec, NetworkRule } from '../manifest.ts';
import type { ManifestSet, PodOwner } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

/** The strict schema was checked before: this is the spec of a NetworkPolicy. */
const specOf = (policy: Manifest) => policy.spec as NetworkPolicySpec;

const defaultDeny: Policy = {
  name: 'default-deny',
  reason: 'Whatever no policy allows must be denied, in both directions, for pods that come later too.',
  *check(manifests) {
    const denying = manifests.ofKind('NetworkPolicy').filter((policy) => {
      const { podSelector, policyTypes = [], ingress = [], egress = [] } = specOf(policy);
      const all = Object.keys(podSelector.matchLabels ?? {}).length === 0;
      const both = ['Ingress', 'Egress'].every((type) => policyTypes.includes(type));
      return all && both && ingress.length === 0 && egress.length === 0;
    });
    for (const object of manifests.ofKind('Namespace')) {
      if (!denying.some(({ metadata }) => metadata.namespace === object.metadata.name))
        yield { object, problem: 'no NetworkPolicy denies everything in it' };
    }
  },
};

const networkSelectors: Policy = {
  name: 'network-selectors',
  reason: 'A policy that selects nothing protects nothing, and one for the wrong port cuts a connection off.',
  *check(manifests) {
    for (const object of manifests.ofKind('NetworkPolicy')) {
      const { podSelector, ingress = [], egress = [] } = specOf(object);
      const own = manifests.select(podSelector, object);
      if (own.length === 0) yield { object, problem: 'it selects no pod' };
      for (const problem of ingress.flatMap((rule) => portProblems(rule, own))) yield { object, problem };
      for (const rule of [...ingress, ...egress]) {
        for (const peer of rule.from ?? rule.to ?? []) {
          const pods = podsOf(manifests, peer, object);
          if (pods === undefined) continue;
          if (pods.length === 0) yield { object, problem: `a peer selects no pod: ${JSON.stringify(peer)}` };
          if (rule.to) for (const problem of portProblems(rule, pods)) yield { object, problem };
        }
      }
    }
  },
};

/** The pods of a peer; `undefined` if they are none of the platform's, or not chosen by their labels. */
function podsOf(
  manifests: ManifestSet,
  { podSelector, namespaceSelector }: NetworkPeer,
  policy: Manifest,
): readonly PodOwner[] | undefined {
  if (podSelector === undefined) return undefined;
  if (namespaceSelector === undefined) return manifests.select(podSelector, policy);
  const name = namespaceSelector.matchLabels?.['kubernetes.io/metadata.name'];
  const own = manifests.ofKind('Namespace').some(({ metadata }) => metadata.name === name);
  if (name === undefined || !own) return undefined;
  return manifests.select(podSelector, { ...policy, metadata: { ...policy.metadata, namespace: name } });
}

/** Ports of a rule that none of the pods it leads to opens; policies see the ports of pods, never of Services. */
function portProblems(rule: NetworkRule, pods: readonly PodOwner[]): readonly string[] {
  if (rule.ports === undefined || rule.ports.length === 0) return ['a rule names no port'];
  return pods.flatMap(({ owner, spec }) => {
    const opened = spec.containers.flatMap(({ ports = [] }) =>
      ports.flatMap((each) => [each.containerPort, each.name]),
    );
    return (rule.ports ?? [])
      .filter(({ port }) => !opened.includes(port))
      .map(({ port }) => `${port} is no port of the pods of ${owner.metadata.name}`);
  });
}

const networkEdges: Policy = {
  name: 'network-edges',
  reason: 'A connection needs both ends: the caller must be let out and the callee must let it in.',
  *check(manifests) {
    for (const object of manifests.ofKind('NetworkPolicy')) {
      const { podSelector, egress = [] } = specOf(object);
      const callers = manifests.select(podSelector, object);
      for (const { to = [], ports = [] } of egress) {
        const callees = to.flatMap((peer) => podsOf(manifests, peer, object) ?? []);
        for (const callee of callees) {
          for (const { port } of ports) {
            if (!callers.every((caller) => isLetIn(manifests, caller, callee, port)))
              yield { object, problem: `${callee.owner.metadata.name} does not let it in on ${port}` };
          }
        }
      }
    }
  },
};

function isLetIn(
  manifests: ManifestSet,
  caller: PodOwner,
  callee: PodOwner,
  port: number | string | undefined,
): boolean {
  const isCaller = (peer: NetworkPeer, beside: Manifest) =>
    podsOf(manifests, peer, beside)?.includes(caller) === true;
  return manifests
    .ofKind('NetworkPolicy')
    .filter((policy) => manifests.select(specOf(policy).podSelector, policy).includes(callee))
    .some((policy) =>
      (specOf(policy).ingress ?? []).some(
        ({ from, ports = [] }) =>
          ports.some((each) => each.port === port) &&
          (from === undefined || from.some((peer) => isCaller(peer, policy))),
      ),
    );
}

/** Who may connect to whom. */
export const networkPolicies: readonly Policy[] = [defaultDeny, networkSelectors, networkEdges];
