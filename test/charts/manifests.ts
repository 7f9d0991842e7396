import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Yaml } from 'cdk8s';
import { defineProfile, type Profile } from '../../charts/profile.ts';
import { synthesize } from '../../charts/synthesize.ts';
import { type Platform, smartEats } from '../../workers/platform/platform.ts';

/** The parts of a Kubernetes object that the tests look at. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly data?: Readonly<Record<string, string>>;
  readonly stringData?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly command?: readonly string[];
  readonly env?: readonly Variable[];
  readonly ports?: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe?: unknown;
  readonly readinessProbe?: unknown;
  readonly lifecycle?: unknown;
  readonly resources: Readonly<Record<'requests' | 'limits', Readonly<Record<string, string>>>>;
  readonly securityContext: unknown;
  readonly volumeMounts: readonly {
    readonly name: string;
    readonly mountPath: string;
    readonly subPath?: string;
  }[];
}

export interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
  };
}

export interface PodSpec {
  readonly automountServiceAccountToken: boolean;
  readonly enableServiceLinks: boolean;
  readonly serviceAccountName: string;
  readonly terminationGracePeriodSeconds: number;
  readonly securityContext: Readonly<Record<string, unknown>>;
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes: readonly Readonly<Record<string, unknown>>[];
  readonly topologySpreadConstraints: readonly unknown[];
}

/** The spec of a Deployment or StatefulSet. */
export interface WorkloadSpec {
  readonly replicas: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly serviceName?: string;
  readonly strategy?: unknown;
  readonly podManagementPolicy?: string;
  readonly template: {
    readonly metadata: {
      readonly labels: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
    };
    readonly spec: PodSpec;
  };
  readonly volumeClaimTemplates?: readonly {
    readonly spec: { readonly storageClassName?: string; readonly resources: unknown };
  }[];
}

export interface ServiceSpec {
  readonly clusterIP?: string;
  readonly publishNotReadyAddresses?: boolean;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly { readonly name: string; readonly port: number; readonly targetPort: string }[];
}

/** The manifests of one synthesis. */
export class Manifests {
  readonly files: ReadonlyMap<string, string>;
  readonly all: readonly Manifest[];

  constructor(files: ReadonlyMap<string, string>, all: readonly Manifest[]) {
    this.files = files;
    this.all = all;
  }

  ofKind(kind: string): readonly Manifest[] {
    return this.all.filter((manifest) => manifest.kind === kind);
  }

  names(kind: string): readonly string[] {
    return this.ofKind(kind).map(({ metadata }) => metadata.name);
  }

  get(kind: string, name: string): Manifest {
    const found = this.ofKind(kind).filter(({ metadata }) => metadata.name === name);
    if (found.length !== 1 || found[0] === undefined)
      throw new Error(`${found.length} ${kind} named ${name}`);
    return found[0];
  }

  /** The spec of an object; the caller names the shape that Kubernetes documents for the kind. */
  spec<T>(kind: string, name: string): T {
    return this.get(kind, name).spec as T;
  }

  workload(name: string): WorkloadSpec {
    const kind = this.names('Deployment').includes(name) ? 'Deployment' : 'StatefulSet';
    return this.spec<WorkloadSpec>(kind, name);
  }

  workloadNames(): readonly string[] {
    return [...this.names('Deployment'), ...this.names('StatefulSet')];
  }

  /** The one container of a workload, init containers aside. */
  container(name: string): Container {
    const [container, ...rest] = this.workload(name).template.spec.containers;
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
    // Objects of the synthesis: the assertions of the tests are what checks their shape.
    const all = names.flatMap((name) => Yaml.load(join(directory, name)) as Manifest[]);
    return new Manifests(files, all);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
