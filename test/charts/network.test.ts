import { describe, expect, it } from '@jest/globals';
import { defineProfile, type Profile } from '../../charts/profile.ts';
import type { NetworkPeer, NetworkPolicySpec } from '../../charts/validation/manifest.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { extendedPlatform } from './extended-platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

const production = defineProfile('production');

/** All that the policies allow in one direction, as `caller>callee:port`; selectors must name pods that exist. */
function edges(manifests: Manifests, way: 'ingress' | 'egress'): readonly string[] {
  return manifests.ofKind('NetworkPolicy').flatMap(({ metadata }) => {
    const spec = manifests.spec<NetworkPolicySpec>('NetworkPolicy', metadata.name);
    const [own] = podsNamed(manifests, spec.podSelector.matchLabels ?? {});
    return (spec[way] ?? []).flatMap((rule) =>
      (rule.from ?? rule.to ?? [undefined]).flatMap((peer) =>
        (rule.ports ?? []).map(({ port, protocol }) => {
          const ends =
            way === 'ingress' ? [describePeer(manifests, peer), own] : [own, describePeer(manifests, peer)];
          return `${ends.join('>')}:${port}${protocol === 'UDP' ? '/udp' : ''}`;
        }),
      ),
    );
  });
}

function describePeer(manifests: Manifests, peer: NetworkPeer | undefined): string {
  if (peer === undefined) return 'anyone';
  if (peer.ipBlock) return peer.ipBlock.cidr;
  const name = peer.podSelector?.matchLabels?.['k8s-app'];
  if (peer.namespaceSelector)
    return `${peer.namespaceSelector.matchLabels?.['kubernetes.io/metadata.name']}/${name}`;
  return podsNamed(manifests, peer.podSelector?.matchLabels ?? {}).join('+');
}

function podsNamed(manifests: Manifests, selector: Readonly<Record<string, string>>): readonly string[] {
  return manifests.workloadNames().filter((name) => {
    const labels = manifests.workload(name).template.metadata?.labels;
    return Object.entries(selector).every(([label, value]) => labels?.[label] === value);
  });
}

/** What the declarations say, read without the charts. */
function declaredEdges(
  platform: typeof smartEats,
  inside: Readonly<Record<string, string>>,
): readonly string[] {
  const running: readonly string[] = Object.values(inside);
  return Object.entries(platform.services)
    .filter(([name, { kind }]) => kind === 'product' || running.some((each) => each.startsWith(name)))
    .flatMap(([name, { uses }]) => uses.map((each) => `${name}>${inside[each]}`))
    .filter((edge) => !edge.endsWith('>undefined'))
    .sort();
}

const stores = { redis: 'redis:6379', rabbitmq: 'rabbitmq:5672', 'auth-service': 'auth-service:4001' };
const sandbox = {
  'payment-provider': 'payment-sandbox:4010',
  mail: 'message-catcher:4025',
  sms: 'message-catcher:4011',
};

const withoutDns = (all: readonly string[]) => all.filter((edge) => !edge.includes('kube-dns'));
const gatewayReached = 'anyone>api-gateway:4000';

describe('the network of the platform', () => {
  const kind = manifestsOf();

  it('is closed in both directions to every pod that no policy names', () => {
    expect(kind.spec('NetworkPolicy', 'default-deny')).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('lets out exactly the flows of the declarations, to the ports of the pods', () => {
    const declared = declaredEdges(smartEats, { ...stores, ...sandbox });
    expect(declared).toContain('payment-service>payment-sandbox:4010');
    expect([...withoutDns(edges(kind, 'egress'))].sort()).toEqual(declared);
  });

  it('lets in what it lets out, and anyone to the gateway', () => {
    const let_in = edges(kind, 'ingress').filter((edge) => edge !== gatewayReached);
    expect([...let_in].sort()).toEqual([...withoutDns(edges(kind, 'egress'))].sort());
    expect(edges(kind, 'ingress')).toContain(gatewayReached);
  });

  it('lets those look up names that connect to something, and nobody else', () => {
    const callers = new Set(withoutDns(edges(kind, 'egress')).map((edge) => edge.split('>')[0]));
    for (const name of kind.workloadNames()) {
      const lookups = edges(kind, 'egress').filter((edge) =>
        edge.startsWith(`${name}>kube-system/kube-dns:53`),
      );
      expect([name, lookups.length]).toEqual([name, callers.has(name) ? 2 : 0]);
    }
  });

  it('opens a new edge for a service that was only declared', () => {
    const before = new Set(edges(kind, 'egress'));
    const after = edges(manifestsOf(defineProfile('kind'), extendedPlatform), 'egress');
    expect(withoutDns(after).filter((edge) => !before.has(edge))).toEqual([
      'loyalty-service>redis:6379',
      'loyalty-service>rabbitmq:5672',
    ]);
  });
});

describe('the network of production', () => {
  const edgesOf = (profile: Profile) => edges(manifestsOf(profile), 'egress');

  it('leads to providers outside on their ports only, and between the nodes of RabbitMQ', () => {
    const all = withoutDns(edgesOf(production));
    const rest = all.filter((edge) => !declaredEdges(smartEats, stores).includes(edge));
    expect([...rest].sort()).toEqual(
      [
        ...['0.0.0.0/0', '::/0'].flatMap((to) => [
          `payment-service>${to}:443`,
          `notification-service>${to}:465`,
          `notification-service>${to}:587`,
          `notification-service>${to}:443`,
        ]),
        'rabbitmq>rabbitmq:4369',
        'rabbitmq>rabbitmq:25672',
      ].sort(),
    );
    expect(all.length).toBe(declaredEdges(smartEats, stores).length + rest.length);
  });

  it('leads to a managed Redis on the port and network that the profile names', () => {
    const outside = { redis: { ports: [6380], cidrs: ['10.20.0.0/16'] } };
    const all = edgesOf(defineProfile('production', { outside }));
    expect(all).toContain('order-service>10.20.0.0/16:6380');
    expect(all.filter((edge) => edge.endsWith(':6379'))).toEqual([]);
  });
});
