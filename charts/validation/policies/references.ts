import { enforcedLevel, ordinaryPodsIn } from '../host-readers.ts';
import type { Manifest, ServiceSpec, Volume, WorkloadSpec } from '../manifest.ts';
import { containersOf, type ManifestSet, type PodOwner } from '../manifest-set.ts';
import type { Policy } from '../policy.ts';

const uniqueNames: Policy = {
  name: 'unique-names',
  reason: 'Of two objects with one name the second to be applied replaces the first.',
  *check({ all }) {
    const seen = new Set<string>();
    for (const object of all) {
      const id = `${object.apiVersion} ${object.kind} ${object.metadata.namespace}/${object.metadata.name}`;
      if (seen.has(id)) yield { object, problem: 'another object has the same kind and name' };
      seen.add(id);
    }
  },
};

const clusterScoped = [
  'Namespace',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PriorityClass',
];

const namespaces: Policy = {
  name: 'namespaces',
  reason:
    'Everything is in a namespace that is synthesized with it and enforces the level restricted, but for what must see its node.',
  *check(manifests) {
    for (const object of manifests.all.filter(({ kind }) => !clusterScoped.includes(kind))) {
      const { namespace } = object.metadata;
      if (!manifests.ofKind('Namespace').some(({ metadata }) => metadata.name === namespace))
        yield {
          object,
          problem: `namespace ${namespace ?? 'is not set'}${namespace ? ' does not exist' : ''}`,
        };
    }
    for (const object of manifests.ofKind('Namespace')) {
      if (enforcedLevel(object) === 'restricted') continue;
      const ordinary = ordinaryPodsIn(manifests, object);
      const all = manifests.pods.filter(({ owner }) => owner.metadata.namespace === object.metadata.name);
      if (enforcedLevel(object) !== 'privileged' || ordinary.length > 0 || all.length === 0)
        yield { object, problem: 'it does not enforce the Pod Security level restricted' };
    }
  },
};

const references: Policy = {
  name: 'references',
  reason:
    'A pod that names what does not exist never starts. Secrets, and claims that are only read, may be made outside of the manifests.',
  *check(manifests) {
    for (const pod of manifests.pods) {
      for (const problem of [...volumeProblems(manifests, pod), ...secretProblems(manifests, pod)])
        yield { object: pod.owner, problem };
      if (pod.owner.kind === 'StatefulSet') {
        // The strict schema was checked before: a StatefulSet names its Service.
        const { serviceName } = pod.owner.spec as WorkloadSpec;
        const service = manifests.find('Service', serviceName, pod.owner);
        if (!service) yield { object: pod.owner, problem: `Service ${serviceName} does not exist` };
        // The strict schema was checked before: this is the spec of a Service.
        else if ((service.spec as ServiceSpec).clusterIP !== 'None')
          yield {
            object: pod.owner,
            problem: `Service ${serviceName} is not headless, so pods have no names`,
          };
      }
    }
  },
};

function* volumeProblems(manifests: ManifestSet, { owner, spec }: PodOwner): Generator<string> {
  const volumes = spec.volumes ?? [];
  // The strict schema was checked before: only a StatefulSet has claim templates.
  const claimed = (owner.spec as Partial<WorkloadSpec>).volumeClaimTemplates ?? [];
  const names = [...volumes.map(({ name }) => name), ...claimed.map(({ metadata }) => metadata.name)];
  for (const { name, configMap, persistentVolumeClaim } of volumes) {
    for (const [kind, wanted] of [
      ['ConfigMap', configMap?.name],
      ['PersistentVolumeClaim', writtenClaim(persistentVolumeClaim)],
    ] as const) {
      if (wanted !== undefined && !manifests.find(kind, wanted, owner))
        yield `volume ${name}: ${kind} ${wanted} does not exist`;
    }
  }
  for (const container of containersOf(spec)) {
    for (const mount of container.volumeMounts ?? []) {
      if (!names.includes(mount.name))
        yield `container ${container.name}: volume ${mount.name} does not exist`;
      const configMap = volumes.find(({ name }) => name === mount.name)?.configMap;
      const files = configMap && manifests.find('ConfigMap', configMap.name, owner)?.data;
      if (files && mount.subPath !== undefined && !(mount.subPath in files))
        yield `container ${container.name}: ConfigMap ${configMap.name} has no ${mount.subPath}`;
    }
  }
}

/** The claim that a pod writes to: what is only read, somebody else has made and filled. */
function writtenClaim(claim: Volume['persistentVolumeClaim']): string | undefined {
  return claim?.readOnly === true ? undefined : claim?.claimName;
}

/** Keys that a synthesized Secret does not have. */
function* secretProblems(manifests: ManifestSet, { owner, spec }: PodOwner): Generator<string> {
  const variables = containersOf(spec).flatMap(({ env = [] }) => env);
  const wanted = [
    ...variables
      .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])
      .filter(({ optional }) => !optional),
    ...(spec.volumes ?? []).flatMap(({ secret }) =>
      (secret?.items ?? []).map(({ key }) => ({ name: secret?.secretName ?? '', key })),
    ),
  ];
  for (const { name, key } of wanted) {
    const secret: Manifest | undefined = manifests.find('Secret', name, owner);
    if (secret && !(key in { ...secret.data, ...secret.stringData })) yield `Secret ${name} has no ${key}`;
  }
}

/** What objects say of each other. */
export const referencePolicies: readonly Policy[] = [uniqueNames, namespaces, references];
