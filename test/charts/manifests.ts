import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { defineProfile, type Profile } from '../../charts/profile.ts';
import { synthesize } from '../../charts/synthesize.ts';
import type {
  Container,
  Manifest,
  PodSpec,
  Variable,
  WorkloadSpec,
} from '../../charts/validation/manifest.ts';
import { ManifestSet } from '../../charts/validation/manifest-set.ts';
import { type Platform, smartEats } from '../../workers/platform/platform.ts';

/** The manifests of one synthesis. */
export class Manifests extends ManifestSet {
  readonly files: ReadonlyMap<string, string>;

  constructor(files: ReadonlyMap<string, string>, all: readonly Manifest[]) {
    super(all);
    this.files = files;
  }

  names(kind: string): readonly string[] {
    return this.ofKind(kind).map(({ metadata }) => metadata.name);
  }

  /** An object in the platform's own namespace unless another is named, or in none. */
  get(kind: string, name: string, namespace = this.names('Namespace')[0]): Manifest {
    const found = this.ofKind(kind).filter(
      ({ metadata }) => metadata.name === name && [undefined, namespace].includes(metadata.namespace),
    );
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(`${found.length} ${kind} named ${name}`);
    return found[0];
  }

  /** The spec of an object; the caller names the shape that Kubernetes documents for the kind. */
  spec<T>(kind: string, name: string, namespace?: string): T {
    return this.get(kind, name, namespace).spec as T;
  }

  workload(name: string): WorkloadSpec {
    const kind = this.names('Deployment').includes(name) ? 'Deployment' : 'StatefulSet';
    return this.spec<WorkloadSpec>(kind, name);
  }

  /** Our own services: the workloads that declarations stand for. */
  serviceNames(): readonly string[] {
    return [...this.ofKind('Deployment'), ...this.ofKind('StatefulSet')]
      .filter(({ metadata }) =>
        ['service', 'sandbox'].includes(metadata.labels?.['app.kubernetes.io/component'] ?? ''),
      )
      .map(({ metadata }) => metadata.name);
  }

  workloadNames(): readonly string[] {
    return [...this.names('Deployment'), ...this.names('StatefulSet')];
  }

  pod(name: string): PodSpec {
    return this.workload(name).template.spec;
  }

  /** The one container of a workload, init containers aside. */
  container(name: string): Container {
    const [container, ...rest] = this.pod(name).containers;
    if (container === undefined || rest.length > 0) throw new Error(`${name} has not exactly one container`);
    return container;
  }

  variable(workload: string, name: string): Variable | undefined {
    return this.container(workload).env?.find((each) => each.name === name);
  }
}

/** Synthesizes into a directory of its own and reads back what was written. */
export function manifestsOf(
  profile: Profile = defineProfile('kind'),
  platform: Platform = smartEats,
): Manifests {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-synth-'));
  try {
    synthesize(platform, profile, directory);
    const names = readdirSync(directory).sort();
    const files = new Map(names.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
    // Objects of the synthesis: the tests of the schema are what checks their shape.
    const all = names.flatMap((name) => Yaml.load(join(directory, name)) as Manifest[]);
    return new Manifests(files, all);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
