import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import { findingsOf } from '../../charts/validation/validate.ts';
import { manifestsOf } from './manifests.ts';

const foodModel = { claim: 'food-model', model: 'v2/food.onnx' };
const variables = (manifests: ReturnType<typeof manifestsOf>) =>
  ['FOOD_MODEL_PATH', 'FOOD_MODEL_LABELS'].map((name) => manifests.variable('ai-worker', name)?.value);

describe('the classifier of pictures on a volume', () => {
  const manifests = manifestsOf(defineProfile('production', { foodModel }));

  it('is mounted by the worker that names dishes, which only reads it, and by no other', () => {
    expect(manifests.pod('ai-worker').volumes).toContainEqual({
      name: 'files',
      persistentVolumeClaim: { claimName: 'food-model', readOnly: true },
    });
    expect(manifests.container('ai-worker').volumeMounts).toContainEqual({
      name: 'files',
      mountPath: '/models',
      readOnly: true,
    });
    const mounting = manifests
      .workloadNames()
      .filter((name) =>
        manifests.pod(name).volumes?.some((each) => each.persistentVolumeClaim !== undefined),
      );
    expect(mounting).toEqual(['ai-worker']);
  });

  it('is found by the worker where it is mounted, with its labels where they are named', () => {
    expect(variables(manifests)).toEqual(['/models/v2/food.onnx', undefined]);
    const named = defineProfile('kind', { foodModel: { ...foodModel, labels: 'classes.txt' } });
    expect(variables(manifestsOf(named))).toEqual(['/models/v2/food.onnx', '/models/classes.txt']);
  });

  it('breaks no rule, although its claim is made elsewhere', () => {
    expect(findingsOf(manifests.all)).toEqual([]);
  });

  it('is nowhere unless the profile has one', () => {
    const without = manifestsOf();
    expect(without.pod('ai-worker').volumes?.map(({ name }) => name)).toEqual(['tmp']);
    expect(variables(without)).toEqual([undefined, undefined]);
  });

  it('is refused beside another path in the plain variables', () => {
    const profile = defineProfile('kind', { foodModel, environment: { FOOD_MODEL_PATH: '/tmp/food.onnx' } });
    expect(() => manifestsOf(profile)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'profile kind: environment.FOOD_MODEL_PATH is set by the manifests',
      }),
    );
  });
});
