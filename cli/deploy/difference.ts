import { isDeepStrictEqual } from 'node:util';
import type { ClusterObject } from '../cluster/cluster-object.ts';

/** Fields of an object that the cluster keeps for itself. */
const ownMetadata = [
  'managedFields',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'uid',
  'selfLink',
];

/**
 * The fields that differ between two states of an object, as paths for people, e.g.
 * `spec.template.spec.containers[0].image`; never their values, some of which are secret.
 * What controllers write does not count.
 */
export function changedFields(before: ClusterObject, after: ClusterObject): readonly string[] {
  return [...differences(declared(before), declared(after), '')];
}

function declared(object: ClusterObject): unknown {
  const { status: _status, metadata, ...rest } = object;
  const kept = Object.entries(metadata).filter(([name]) => !ownMetadata.includes(name));
  const { annotations, ...others } = Object.fromEntries(kept) as ClusterObject['metadata'];
  const declaredAnnotations = Object.entries(annotations ?? {}).filter(
    ([name]) => !name.startsWith('deployment.kubernetes.io/'),
  );
  return {
    ...rest,
    metadata: { ...others, annotations: Object.fromEntries(declaredAnnotations) },
  };
}

function* differences(before: unknown, after: unknown, path: string): Generator<string> {
  if (isDeepStrictEqual(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    for (const [index, value] of after.entries())
      yield* differences(before[index], value, `${path}[${index}]`);
  } else if (isRecord(before) && isRecord(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      yield* differences(before[name], after[name], path === '' ? name : `${path}.${name}`);
    }
  } else yield path;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
