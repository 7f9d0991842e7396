import type { Manifest } from './manifest.ts';
import type { ManifestSet } from './manifest-set.ts';

/** An object that is not as a rule wants it. */
export interface Violation {
  readonly object: Manifest;
  /** What is wrong, and where. */
  readonly problem: string;
}

/** A rule that every synthesized object keeps, beyond the form that Kubernetes asks for. */
export interface Policy {
  readonly name: string;
  /** Why the rule is there, or what to do about a violation. */
  readonly reason: string;
  readonly check: (manifests: ManifestSet) => Iterable<Violation>;
}
