import { BlockList } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { defineProfile, type Profile } from '../../charts/profile.ts';
import type { NetworkPeer, NetworkPolicySpec } from '../../charts/validation/manifest.ts';
import { type Platform, smartEats } from '../../workers/platform/platform.ts';
import { isPublicAddress } from '../../workers/tasks/food-image/public-address.ts';
import { extendedPlatform } from './extended-platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

const production = defineProfile('production');

/** All that the policies of the platform's namespace allow in one direction, as `caller>callee:port`; selectors must name pods that exist. */
function edges(manifests: Manifests, way: 'ingress' | 'egress'): readonly string[] {
  const { namespace } = manifests.get('NetworkPolicy', 'default-deny').metadata;
  const policies = manifests
    .ofKind('NetworkPolicy')
    .filter(({ metadata }) => metadata.namespace === namespace);
  return policies.flatMap(({ metadata }) => {
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
  if (peer.ipBlock) return peer.ipBlock.except ? 'internet' : peer.ipBlock.cidr;
  if (peer.namespaceSelector) {
    const labels = peer.podSelector?.matchLabels ?? {};
    const name = labels['app.kubernetes.io/name'] ?? Object.values(labels)[0];
    return `${peer.namespaceSelector.matchLabels?.['kubernetes.io/metadata.name']}/${name}`;
  }
  return podsNamed(manifests, peer.podSelector?.matchLabels ?? {}).join('+');
}

function podsNamed(manifests: Manifests, selector: Readonly<Record<string, string>>): readonly string[] {
  const found = manifests.select({ matchLabels: selector }, manifests.get('NetworkPolicy', 'default-deny'));
  return [...new Set(found.map(({ labels }) => labels['app.kubernetes.io/name'] ?? ''))];
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

/** What watches the platform, and what that connects to; the API server is wherever the cluster has it. */
const exporter = 'redis-exporter>redis:6379';
const flower = ['flower>rabbitmq:5672', 'flower>rabbitmq:15672'];
const apiServer = ['prometheus>0.0.0.0/0:443', 'prometheus>0.0.0.0/0:6443'];
/** What is not in the namespace: a node exporter, and the kubelets, wherever the nodes are. */
const nodes = ['prometheus>smarteats-nodes/node-exporter:9100', 'prometheus>0.0.0.0/0:10250'];
const watching = [
  'prometheus>redis-exporter:9121',
  'prometheus>rabbitmq:15692',
  'prometheus>alertmanager:9093',
  'grafana>prometheus:9090',
  ...apiServer,
  ...nodes,
];
const alertsOnKind = ['alertmanager>message-catcher:4025', 'alertmanager>message-catcher:4011'];
const scrapesOf = (platform: Platform, kinds: readonly string[]) =>
  Object.entries(platform.services)
    .filter(([, { kind }]) => kinds.includes(kind))
    .map(([name, { port }]) => `prometheus>${name}:${port}`);
/** Pictures come from anywhere that is public. */
const pictures = ['ai-worker>internet:80', 'ai-worker>internet:443'];
const beat = ['beat>rabbitmq:5672', 'beat>redis:6379'];
const seed = 'seed>redis:6379';

const withoutDns = (all: readonly string[]) => all.filter((edge) => !edge.includes('kube-dns'));
const gatewayReached = 'anyone>api-gateway:4000';
const kedaAsks = 'keda/keda-operator>rabbitmq:5672';

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
    const others = [
      ...watching,
      ...scrapesOf(smartEats, ['product', 'sandbox']),
      exporter,
      ...alertsOnKind,
      ...flower,
      ...pictures,
      ...beat,
      seed,
    ];
    expect([...withoutDns(edges(kind, 'egress'))].sort()).toEqual([...declared, ...others].sort());
  });

  it('lets in what it lets out, anyone to the gateway, and KEDA to the queues', () => {
    const inside = withoutDns(edges(kind, 'egress')).filter(
      (edge) => ![...apiServer, ...nodes, ...pictures].includes(edge),
    );
    expect([...edges(kind, 'ingress')].sort()).toEqual([...inside, gatewayReached, kedaAsks].sort());
  });

  it('lets those look up names that connect to something, and nobody else', () => {
    const callers = new Set(withoutDns(edges(kind, 'egress')).map((edge) => edge.split('>')[0]));
    expect(callers).toContain('prometheus');
    for (const { labels } of kind.pods) {
      const name = labels['app.kubernetes.io/name'] ?? '';
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
      'prometheus>loyalty-service:4006',
    ]);
  });
});

describe('the network of production', () => {
  const edgesOf = (profile: Profile) => edges(manifestsOf(profile), 'egress');

  it('leads to providers outside on their ports only, and between the pods that are one server', () => {
    const all = withoutDns(edgesOf(production));
    const known = [
      ...declaredEdges(smartEats, stores),
      ...watching,
      ...scrapesOf(smartEats, ['product']),
      exporter,
      ...flower,
      ...beat,
    ];
    expect(known.filter((edge) => !all.includes(edge))).toEqual([]);
    expect([...all.filter((edge) => !known.includes(edge))].sort()).toEqual(
      [
        ...pictures,
        'api-gateway>0.0.0.0/0:443',
        'analytics-worker>0.0.0.0/0:443',
        'payment-service>0.0.0.0/0:443',
        'notification-service>0.0.0.0/0:465',
        'notification-service>0.0.0.0/0:587',
        'notification-service>0.0.0.0/0:443',
        'notifications-worker>0.0.0.0/0:465',
        'notifications-worker>0.0.0.0/0:587',
        'notifications-worker>0.0.0.0/0:443',
        'celery-worker>0.0.0.0/0:465',
        'celery-worker>0.0.0.0/0:587',
        'alertmanager>0.0.0.0/0:465',
        'alertmanager>0.0.0.0/0:587',
        'alertmanager>0.0.0.0/0:443',
        'rabbitmq>rabbitmq:4369',
        'rabbitmq>rabbitmq:25672',
        'alertmanager>alertmanager:9094',
        'alertmanager>alertmanager:9094/udp',
      ].sort(),
    );
  });

  it('leads to a managed Redis on the port and network that the profile names', () => {
    const outside = { redis: { ports: [6380], cidrs: ['10.20.0.0/16'] } };
    const all = edgesOf(defineProfile('production', { outside }));
    expect(all).toContain('order-service>10.20.0.0/16:6380');
    expect(all).toContain('redis-exporter>10.20.0.0/16:6380');
    expect(all.filter((edge) => edge.endsWith(':6379'))).toEqual([]);
  });

  it('leads whoever has records to a managed MongoDB, and nobody where Redis keeps them', () => {
    const toMongo = (profile: Profile) => edgesOf(profile).filter((edge) => edge.endsWith(':27017'));
    expect(toMongo(production)).toEqual([]);
    const keepers = Object.entries(smartEats.services)
      .filter(([, { uses }]) => uses.some((each) => each === 'mongodb'))
      .map(([name]) => name);
    expect(keepers).toHaveLength(10);
    const outside = { mongodb: { cidrs: ['10.30.0.0/16'] } };
    expect(toMongo(defineProfile('production', { outside })).toSorted()).toEqual(
      keepers.map((name) => `${name}>10.30.0.0/16:27017`).toSorted(),
    );
    expect(toMongo(defineProfile('kind', { outside }))).toContain('seed>10.30.0.0/16:27017');
  });

  it('leads the reader of pictures to the internet and never to a private network, unless one is named', () => {
    const blocksOf = (profile: Profile) =>
      manifestsOf(profile)
        .spec<NetworkPolicySpec>('NetworkPolicy', 'ai-worker')
        .egress?.flatMap(({ to = [] }) => to.flatMap(({ ipBlock }) => ipBlock ?? []));
    const [block, ...others] = blocksOf(production) ?? [];
    expect(others).toEqual([]);
    const list = new BlockList();
    for (const network of block?.except ?? []) {
      const [address = '', bits] = network.split('/');
      list.addSubnet(address, Number(bits), 'ipv4');
      expect([network, isPublicAddress(address)]).toEqual([network, false]);
    }
    for (const inside of [
      '10.96.0.1',
      '172.17.0.1',
      '192.168.1.1',
      '169.254.169.254',
      '100.64.0.1',
      '127.0.0.1',
    ])
      expect([inside, list.check(inside)]).toEqual([inside, true]);
    expect(list.check('93.184.215.14')).toBe(false);

    const cidrs = ['0.0.0.0/0', '10.1.2.0/24', '::/0'];
    const named = blocksOf(defineProfile('production', { outside: { internet: { cidrs } } })) ?? [];
    expect(named.map(({ cidr }) => cidr)).toEqual(cidrs);
    // The API server refuses an exception outside of its network.
    expect(named.map(({ except }) => except)).toEqual([
      block?.except,
      undefined,
      ['fc00::/7', 'fe80::/10', 'ff00::/8'],
    ]);
  });

  it('leads Flower to the management of a managed RabbitMQ as well, and Prometheus to none', () => {
    const outside = { rabbitmq: { cidrs: ['10.20.0.0/16'] } };
    const all = edgesOf(defineProfile('production', { outside, flower: { managementPorts: [8443] } }));
    expect(all.filter((edge) => edge.startsWith('flower>10.20.0.0/16'))).toEqual([
      'flower>10.20.0.0/16:5671',
      'flower>10.20.0.0/16:8443',
    ]);
    expect(all.filter((edge) => edge.endsWith(':15692'))).toEqual([]);
  });

  it('leads Prometheus to the API server and the kubelets that the profile names and to no other', () => {
    const all = edgesOf(
      defineProfile('production', {
        kubernetesApi: { ports: [6443], cidrs: ['10.0.0.1/32'] },
        nodes: { kubelets: { cidrs: ['10.0.1.0/24'] } },
      }),
    );
    expect(all.filter((edge) => edge.startsWith('prometheus>') && edge.includes('/'))).toEqual([
      'prometheus>smarteats-nodes/node-exporter:9100',
      'prometheus>10.0.0.1/32:6443',
      'prometheus>10.0.1.0/24:10250',
      'prometheus>kube-system/kube-dns:53/udp',
      'prometheus>kube-system/kube-dns:53',
    ]);
  });
});
