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
  /** A workload, or networks outside the cluster in CIDR notation. */
  readonly to: { readonly workload: string } | { readonly cidrs: readonly string[] };
  readonly ports: readonly number[];
  /** @default TCP alone */
  readonly protocols?: readonly ('TCP' | 'UDP')[];
}

/** Where a dependency is that the profile has outside of the cluster. */
export function outsideEnd(profile: Profile, dependency: OutsideDependency): Pick<Flow, 'to' | 'ports'> {
  const { cidrs = [], ports = [] } = profile.outside[dependency] ?? {};
  return { to: { cidrs }, ports };
}
