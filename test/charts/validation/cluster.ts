import { describe, expect, it } from '@jest/globals';
import type { Manifest } from '../../../charts/validation/manifest.ts';
import type { Policy } from '../../../charts/validation/policy.ts';
import { findingsOf } from '../../../charts/validation/validate.ts';
import { manifestsOf } from '../manifests.ts';

const { all } = manifestsOf();

/** An object as the tests break it: any field, at any depth. */
export interface Breakable {
  [field: string]: Breakable;
}

/** Copies of the objects of a synthesis, to be broken. */
export class Cluster {
  readonly objects: Manifest[];

  constructor(objects: readonly Manifest[] = all) {
    this.objects = structuredClone([...objects]);
  }

  object(kind: string, name: string): Breakable {
    const found = this.objects.find((each) => each.kind === kind && each.metadata.name === name);
    if (found === undefined) throw new Error(`no ${kind} ${name}`);
    // What a test then changes is checked by what is found, not by a type.
    return found as unknown as Breakable;
  }

  pod(name: string, kind = 'Deployment'): Breakable {
    return at(this.object(kind, name), 'spec.template.spec');
  }

  container(name: string, kind = 'Deployment'): Breakable {
    return at(this.pod(name, kind), 'containers.0');
  }

  remove(kind: string, name: string): void {
    const index = this.objects.findIndex((each) => each.kind === kind && each.metadata.name === name);
    if (index < 0) throw new Error(`no ${kind} ${name}`);
    this.objects.splice(index, 1);
  }

  add(object: Manifest): void {
    this.objects.push(object);
  }

  findings(): readonly string[] {
    return findingsOf(this.objects).map(
      ({ rule, object, problem }) => `${rule}: ${object.kind}/${object.metadata.name}: ${problem}`,
    );
  }
}

/** What is at a path of keys and indices. */
export function at(object: Breakable, path: string): Breakable {
  return path.split('.').reduce((place, key) => {
    const next = place[key];
    if (next === undefined) throw new Error(`no ${key} in ${path}`);
    return next;
  }, object);
}

/** Where the manifests are, and the service that the tests break first. */
export const namespace = 'smarteats';
export const order = 'order-service';

/** What a rule finds, and how to break the manifests so that it does. */
export type Breach = readonly [finding: string, breakIt: (cluster: Cluster) => void];

/** Shows of each rule of a theme that it finds every breach; a rule that no test breaks is reported. */
export function describeRules(
  theme: string,
  policies: readonly Policy[],
  breaches: Readonly<Record<string, readonly Breach[]>>,
): void {
  describe(theme, () => {
    it('has a test that breaks each of its rules, and each rule says its reason', () => {
      expect(policies.map(({ name }) => name)).toEqual(Object.keys(breaches));
      for (const { reason } of policies) expect(reason).toMatch(/^[A-Z].*\.$/);
    });

    for (const [rule, broken] of Object.entries(breaches)) {
      it.each(broken)(`${rule} finds %s`, (finding, breakIt) => {
        const cluster = new Cluster();
        breakIt(cluster);
        expect(cluster.findings()).toContain(`${rule}: ${finding}`);
      });
    }
  });
}
