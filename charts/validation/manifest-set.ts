import type { Container, LabelSelector, Manifest, PodSpec, PodTemplate, WorkloadSpec } from './manifest.ts';
import { operatedPodOf } from './operated-pods.ts';

/** The pods that one object makes, or has an operator make. */
export interface PodOwner {
  readonly owner: Manifest;
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  /** How the owner finds its pods, if they serve. */
  readonly selector: LabelSelector | undefined;
  /** Whether the pods serve until they are told to end, rather than do one thing. */
  readonly serves: boolean;
}

/** All objects of a synthesis, and the questions that policies ask about them. */
export class ManifestSet {
  readonly all: readonly Manifest[];
  readonly pods: readonly PodOwner[];

  constructor(all: readonly Manifest[]) {
    this.all = all;
    this.pods = all.flatMap(podsOf);
  }

  ofKind(kind: string): readonly Manifest[] {
    return this.all.filter((manifest) => manifest.kind === kind);
  }

  /** The object of a kind and name in the namespace of another object. */
  find(kind: string, name: string | undefined, beside: Manifest): Manifest | undefined {
    return this.ofKind(kind).find(
      ({ metadata }) => metadata.name === name && metadata.namespace === beside.metadata.namespace,
    );
  }

  /** The pods in the namespace of an object that a selector matches; an empty selector matches all. */
  select(selector: LabelSelector | undefined, beside: Manifest): readonly PodOwner[] {
    return this.pods.filter(
      ({ owner, labels }) =>
        owner.metadata.namespace === beside.metadata.namespace && matches(selector, labels),
    );
  }
}

/** Whether labels have all that a selector asks for. */
export function matches(
  selector: LabelSelector | undefined,
  labels: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(selector?.matchLabels ?? {}).every(([name, value]) => labels[name] === value);
}

/** Every container of a pod, those that prepare it included. */
export function containersOf({ initContainers = [], containers }: PodSpec): readonly Container[] {
  return [...initContainers, ...containers];
}

function podsOf(owner: Manifest): readonly PodOwner[] {
  const made = (template: PodTemplate, selector?: LabelSelector): PodOwner[] => {
    const labels = template.metadata?.labels ?? {};
    return [{ owner, labels, spec: template.spec, selector, serves: selector !== undefined }];
  };
  // The strict schema was checked before: the kind says which shape the spec has.
  switch (owner.kind) {
    case 'Deployment':
    case 'StatefulSet':
    case 'DaemonSet': {
      const { template, selector } = owner.spec as WorkloadSpec;
      return made(template, selector);
    }
    case 'Job':
      return made((owner.spec as { template: PodTemplate }).template);
    case 'CronJob':
      return made(
        (owner.spec as { jobTemplate: { spec: { template: PodTemplate } } }).jobTemplate.spec.template,
      );
    default: {
      const operated = operatedPodOf(owner);
      return operated === undefined ? [] : made(operated.template, operated.selector);
    }
  }
}
