import { enforcedLevel, readableDirectories } from '../host-readers.ts';
import { containersOf, type ManifestSet, type PodOwner } from '../manifest-set.ts';
import type { Policy, Violation } from '../policy.ts';

/** Volumes that the Pod Security level `restricted` allows (Kubernetes documentation, "Pod Security Standards"). */
const allowedVolumes = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];

/** Images whose files belong to a user below 10000; to run as another they would have to be built anew. */
const lowIdentities: Readonly<Record<string, string>> = {
  redis: '999:1000',
  rabbitmq: '100:101',
};

const restricted: Policy = {
  name: 'restricted',
  reason:
    'The namespace enforces the Pod Security level restricted, and no root file system can be written to.',
  *check(manifests) {
    for (const pod of manifests.pods) {
      const { spec } = pod;
      const wrong = (problem: string): Violation => ({ object: pod.owner, problem });
      for (const host of ['hostNetwork', 'hostPID', 'hostIPC'] as const) {
        if (spec[host]) yield wrong(`${host} is set`);
      }
      for (const { name, ...source } of spec.volumes ?? []) {
        for (const type of Object.keys(source)) {
          if (!allowedVolumes.includes(type) && !(type === 'hostPath' && mayRead(manifests, pod, name)))
            yield wrong(`volume ${name} is a ${type}`);
        }
      }
      yield* containerProblems(pod);
    }
  },
};

/** Whether a volume is a directory of the node that the workload may read, and is mounted only to be read. */
function mayRead(manifests: ManifestSet, { owner, spec }: PodOwner, volume: string): boolean {
  const namespace = manifests
    .ofKind('Namespace')
    .find(({ metadata }) => metadata.name === owner.metadata.namespace);
  const path = (spec.volumes ?? []).find(({ name }) => name === volume)?.hostPath?.path;
  const mounts = containersOf(spec).flatMap(({ volumeMounts = [] }) => volumeMounts);
  return (
    namespace !== undefined &&
    enforcedLevel(namespace) === 'privileged' &&
    path !== undefined &&
    readableDirectories(owner).includes(path) &&
    mounts.every(({ name, readOnly }) => name !== volume || readOnly === true)
  );
}

function* containerProblems({ owner, spec }: PodOwner): Generator<Violation> {
  for (const container of containersOf(spec)) {
    const wrong = (problem: string): Violation => ({
      object: owner,
      problem: `container ${container.name}: ${problem}`,
    });
    const own = container.securityContext ?? {};
    if (own.privileged) yield wrong('is privileged');
    if (own.allowPrivilegeEscalation !== false) yield wrong('allowPrivilegeEscalation is not false');
    if (own.readOnlyRootFilesystem !== true) yield wrong('readOnlyRootFilesystem is not true');
    if (!own.capabilities?.drop?.includes('ALL')) yield wrong('capabilities.drop is not ALL');
    const added = own.capabilities?.add ?? [];
    if (added.length > 0) yield wrong(`capabilities.add has ${added.join(', ')}`);
    if ((own.runAsNonRoot ?? spec.securityContext?.runAsNonRoot) !== true)
      yield wrong('runAsNonRoot is not true');
    const seccomp = (own.seccompProfile ?? spec.securityContext?.seccompProfile)?.type;
    if (seccomp !== 'RuntimeDefault') yield wrong(`seccompProfile is ${seccomp ?? 'not set'}`);
  }
}

const identity: Policy = {
  name: 'identity',
  reason:
    'A numeric user and group from 10000 meet none of the node; only images that cannot may keep their own.',
  *check({ pods }) {
    for (const { owner, spec } of pods) {
      for (const { name, image, securityContext } of containersOf(spec)) {
        const user = securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
        const group = securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup;
        if (lowIdentities[image.split(':')[0] ?? ''] === `${user}:${group}`) continue;
        if (!(user !== undefined && user >= 10_000 && group !== undefined && group >= 10_000))
          yield { object: owner, problem: `container ${name}: runs as ${user}:${group}` };
      }
    }
  },
};

const kubernetesAccess: Policy = {
  name: 'kubernetes-access',
  reason: 'A pod has an account of its own, and a token for the Kubernetes API only if a binding names it.',
  *check(manifests) {
    const bindings = [...manifests.ofKind('RoleBinding'), ...manifests.ofKind('ClusterRoleBinding')];
    const bound = bindings.flatMap((binding) => {
      // The strict schema was checked before: this is where a binding has its subjects.
      const { subjects = [] } = binding as { subjects?: readonly { name: string; namespace?: string }[] };
      return subjects.map(({ namespace, name }) => `${namespace}/${name}`);
    });
    for (const { owner, spec } of manifests.pods) {
      const { serviceAccountName: name } = spec;
      if (name === undefined || !manifests.find('ServiceAccount', name, owner))
        yield {
          object: owner,
          problem: `serviceAccountName ${name ?? 'is not set'}${name ? ' does not exist' : ''}`,
        };
      else if (
        spec.automountServiceAccountToken !== false &&
        !bound.includes(`${owner.metadata.namespace}/${name}`)
      )
        yield { object: owner, problem: 'automountServiceAccountToken is not false' };
      if (spec.enableServiceLinks !== false)
        yield { object: owner, problem: 'enableServiceLinks is not false: REDIS_PORT would be a Service' };
    }
  },
};

/** What a pod may do to the node and the cluster. */
export const podSecurityPolicies: readonly Policy[] = [restricted, identity, kubernetesAccess];
