import type { OutsideDependency, Profile } from './profile.ts';

/** Pods that are not the platform's own, found by one of their labels. */
export interface Neighbour {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One connection that the platform makes: who opens it, to whom, and to which ports of the pods there. */
export interface Flow {
  /** A workload, pods of another namespace, or `anyone` for what a public service is reached by. */
  readonly from: { readonly workload: string } | Neighbour | 'anyone';
  /** A workload, pods of another namespace, or networks outside the cluster in CIDR notation, but for those in `except`. */
  readonly to:
    | { readonly workload: string }
    | Neighbour
    | { readonly cidrs: readonly string[]; readonly except?: readonly string[] };
  readonly ports: readonly number[];
  /** @default TCP alone */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/** Where a dependency is that the profile has outside of the cluster. */
export function outsideEnd(profile: Profile, dependency: OutsideDependency): Pick<Flow, 'to' | 'ports'> {
  const { cidrs = [], ports = [] } = profile.outside[dependency] ?? {};
  return { to: { cidrs, ...(dependency === 'internet' && { except: privateNetworks }) }, ports };
}

/** Networks that are nobody's on the internet (RFC 6890), and so may be those of the cluster and its neighbours. */
const privateNetworks = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
];
