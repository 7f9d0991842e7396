import { BlockList, isIPv6 } from 'node:net';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import type { Flow, Neighbour } from './flow.ts';
import { flowsOf } from './flows.ts';
import { platformLabels, selectorLabels } from './labels.ts';
import { policyForPodsOfOperator } from './lint-exceptions.ts';
import { operatedSystems } from './monitoring.ts';
import type { Profile } from './profile.ts';
import { SystemChart } from './system-chart.ts';

/**
 * Nothing may connect to anything, except along the flows of the declarations. Both ends of a flow say so:
 * the caller's policy lets it out, the callee's lets it in. Ports are those of the pods, because a Service's
 * address is translated before the policies are asked.
 */
export class NetworkChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    denyAll(this);
    const flows = flowsOf(platform, profile);
    for (const workload of workloadsOf(flows)) {
      const ingress = ingressOf(workload, flows);
      const egress = egressOf(workload, flows);
      new k8s.KubeNetworkPolicy(this, workload, {
        metadata: {
          name: workload,
          labels: { ...platformLabels, ...selectorLabels(workload) },
          ...(workload in operatedSystems && { annotations: policyForPodsOfOperator }),
        },
        spec: {
          podSelector: { matchLabels: selectorLabels(workload) },
          policyTypes: [...(ingress.length > 0 ? ['Ingress'] : []), ...(egress.length > 0 ? ['Egress'] : [])],
          ...(ingress.length > 0 ? { ingress } : {}),
          ...(egress.length > 0 ? { egress: [...egress, nameLookup] } : {}),
        },
      });
    }
  }
}

/** Denies every pod of a chart's namespace whatever no other policy allows. */
export function denyAll(chart: SystemChart): void {
  new k8s.KubeNetworkPolicy(chart, 'default-deny', {
    metadata: { name: 'default-deny' },
    spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
  });
}

function ingressOf(workload: string, flows: readonly Flow[]): k8s.NetworkPolicyIngressRule[] {
  return flows
    .filter(({ to }) => isWorkload(to, workload))
    .map(({ from, ports, protocols }) => ({
      ...(from === 'anyone' ? {} : { from: ['workload' in from ? podsOf(from.workload) : neighbours(from)] }),
      ports: portsOf(ports, protocols),
    }));
}

function egressOf(workload: string, flows: readonly Flow[]): k8s.NetworkPolicyEgressRule[] {
  return flows
    .filter(({ from }) => from !== 'anyone' && isWorkload(from, workload))
    .map(({ to, ports, protocols }) => ({
      to: peersOf(to),
      ports: portsOf(ports, protocols),
    }));
}

function peersOf(to: Flow['to']): k8s.NetworkPolicyPeer[] {
  if ('workload' in to) return [podsOf(to.workload)];
  return 'namespace' in to ? [neighbours(to)] : networksOf(to);
}

function networksOf({
  cidrs,
  except = [],
}: Extract<Flow['to'], { cidrs: readonly string[] }>): k8s.NetworkPolicyPeer[] {
  return cidrs.map((cidr) => {
    // An exception that is no part of the network is refused by the API server.
    const inside = except.filter((network) => isWithin(network, cidr));
    return { ipBlock: { cidr, ...(inside.length > 0 && { except: inside }) } };
  });
}

/** Whether a network is a part of another, and smaller. */
function isWithin(inner: string, outer: string): boolean {
  const [[address, bits], [network, outerBits]] = [inner.split('/'), outer.split('/')];
  const family = (text = '') => (isIPv6(text) ? 'ipv6' : 'ipv4');
  const list = new BlockList();
  list.addSubnet(network ?? '', Number(outerBits), family(network));
  return (
    family(address) === family(network) &&
    Number(bits) > Number(outerBits) &&
    list.check(address ?? '', family(address))
  );
}

/** The cluster's DNS, for whoever connects to anything by name. */
const nameLookup: k8s.NetworkPolicyEgressRule = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
  ],
  ports: portsOf([53], ['UDP', 'TCP']),
};

function workloadsOf(flows: readonly Flow[]): readonly string[] {
  const ends = flows.flatMap(({ from, to }) => [from, to]);
  const names = ends.flatMap((end) => (end !== 'anyone' && 'workload' in end ? [end.workload] : []));
  return [...new Set(names)].sort();
}

function isWorkload(end: Exclude<Flow['from'], 'anyone'> | Flow['to'], workload: string): boolean {
  return 'workload' in end && end.workload === workload;
}

function podsOf(workload: string): k8s.NetworkPolicyPeer {
  return { podSelector: { matchLabels: selectorLabels(workload) } };
}

/** Pods of another namespace, as a policy names them. */
export function neighbours({ namespace, labels }: Neighbour): k8s.NetworkPolicyPeer {
  return {
    namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
    podSelector: { matchLabels: { ...labels } },
  };
}

function portsOf(ports: readonly number[], protocols: Flow['protocols'] = ['TCP']): k8s.NetworkPolicyPort[] {
  return ports.flatMap((port) =>
    protocols.map((protocol) => ({ protocol, port: k8s.IntOrString.fromNumber(port) })),
  );
}
