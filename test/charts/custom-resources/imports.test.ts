import { describe, expect, it } from '@jest/globals';
import { usedKinds } from '../../../charts/custom-resources/used-kinds.ts';
import { KubernetesSchema } from '../../../charts/validation/kubernetes-schema.ts';

const schema = new KubernetesSchema();

const kinds = Object.entries(usedKinds).flatMap(([group, names]) =>
  names.map((kind) => [group.split('.')[0] ?? group, kind] as const),
);

describe('the generated imports', () => {
  it.each(kinds)('of %s have constructs and a strict schema of %s', async (module, kind) => {
    const constructs: Record<string, { readonly GVK: { apiVersion: string; kind: string } }> = await import(
      `../../../imports/${module}.ts`
    );
    const { apiVersion } = constructs[kind]?.GVK ?? { apiVersion: 'none' };
    const problems = schema.problemsOf({ apiVersion, kind });
    expect(problems).toContain("the object must have required property 'metadata'");
  });
});

describe('the schema of custom resources', () => {
  const trigger = { type: 'rabbitmq', metadata: { queueName: 'a' }, authenticationRef: { name: 'a' } };
  const scaledObject = {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: 'trial', namespace: 'trial', labels: { any: 'label' } },
    spec: { scaleTargetRef: { name: 'trial' }, minReplicaCount: 1, triggers: [trigger] },
  };

  it('accepts what the operator reads', () => {
    expect(schema.problemsOf(scaledObject)).toEqual([]);
  });

  it.each([
    [{ minReplicas: 1 }, 'spec.minReplicas is no field of the API'],
    [{ minReplicaCount: '1' }, 'spec.minReplicaCount must be integer (is "1")'],
    [{ scaleTargetRef: {} }, "spec.scaleTargetRef must have required property 'name'"],
    [{ triggers: [{ ...trigger, authRef: {} }] }, 'spec.triggers.0.authRef is no field of the API'],
    [
      { triggers: [{ ...trigger, metadata: { value: 1 } }] },
      'spec.triggers.0.metadata.value must be string (is 1)',
    ],
  ])('refuses a ScaledObject with %j', (change, problem) => {
    const spec = { ...scaledObject.spec, ...change };
    expect(schema.problemsOf({ ...scaledObject, spec } as typeof scaledObject)).toEqual([problem]);
  });

  it('knows the metadata that every object has', () => {
    const metadata = { ...scaledObject.metadata, lables: {} };
    const problems = schema.problemsOf({ ...scaledObject, metadata } as typeof scaledObject);
    expect(problems).toEqual(['metadata.lables is no field of the API']);
  });

  it('refuses a version that the operator does not store', () => {
    expect(schema.problemsOf({ ...scaledObject, apiVersion: 'keda.sh/v2' })).toEqual([
      'keda.sh/v2/ScaledObject is no kind of Kubernetes 1.27, nor a custom resource in use',
    ]);
  });
});
