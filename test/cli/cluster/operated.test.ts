import { describe, expect, it } from '@jest/globals';
import { operatedState } from '../../../cli/cluster/operated.ts';

/** As prometheus-operator 0.93 writes it. */
const up = {
  availableReplicas: 2,
  replicas: 2,
  updatedReplicas: 2,
  selector: 'app.kubernetes.io/name=prometheus,prometheus=shop',
  conditions: [
    { type: 'Available', status: 'True', message: '', observedGeneration: 3 },
    { type: 'Reconciled', status: 'True', message: '', observedGeneration: 3 },
  ],
};

function prometheus(status: object | undefined) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Prometheus',
    metadata: { name: 'shop', namespace: 'eats', generation: 3 },
    spec: { replicas: 2 },
    ...(status && { status }),
  };
}

/** The conditions with one of them changed. */
function withCondition(type: string, change: object) {
  return {
    ...up,
    conditions: up.conditions.map((each) => (each.type === type ? { ...each, ...change } : each)),
  };
}

describe('a resource that an operator makes pods of', () => {
  it('is done when the operator has carried it out and every pod is new and available', () => {
    expect(operatedState(prometheus(up))).toEqual({
      kind: 'Prometheus',
      namespace: 'eats',
      name: 'shop',
      selector: { 'app.kubernetes.io/name': 'prometheus', prometheus: 'shop' },
      wanted: 2,
      ready: 2,
      noticed: true,
      done: true,
    });
  });

  it.each([
    ['the operator speaks of an earlier declaration', withCondition('Reconciled', { observedGeneration: 2 })],
    ['its pods were those of an earlier declaration', withCondition('Available', { observedGeneration: 2 })],
    ['some pods are not available', withCondition('Available', { status: 'Degraded' })],
    ['a pod of an older revision is left', { ...up, updatedReplicas: 1 }],
    ['a pod is missing', { ...up, availableReplicas: 1 }],
  ])('is not done while %s', (_, status) => {
    expect(operatedState(prometheus(status))).toMatchObject({ noticed: true, done: false });
  });

  it('says in the words of the operator why it cannot be carried out, while that is so', () => {
    const refused = { status: 'False', message: 'no secret of that name' };
    expect(operatedState(prometheus(withCondition('Reconciled', refused)))).toMatchObject({
      done: false,
      failure: 'no secret of that name',
    });
    const earlier = withCondition('Reconciled', { ...refused, observedGeneration: 2 });
    expect(operatedState(prometheus(earlier))).not.toHaveProperty('failure');
  });

  it('was not noticed as long as it has no condition', () => {
    const nothing = { noticed: false, done: false, ready: 0, selector: {} };
    expect(operatedState(prometheus(undefined))).toMatchObject(nothing);
    expect(operatedState(prometheus({ replicas: 0 }))).toMatchObject(nothing);
  });
});
