import { describe, expect, it } from '@jest/globals';
import type { Applied } from '../../../cli/deploy/apply.ts';
import { describeApplied, describeFailures, describePruned } from '../../../cli/deploy/deployment-report.ts';

const object = (kind: string, name: string, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name } });

const changed = (fields: readonly string[]): Applied => ({
  object: object('Deployment', 'orders'),
  outcome: 'changed',
  fields,
  takenBack: [],
});

describe('the report of what was applied', () => {
  it('names what was created in a line for each kind', () => {
    const results: readonly Applied[] = [
      { object: object('Secret', 'one'), outcome: 'created' },
      { object: object('Service', 'some'), outcome: 'created' },
      { object: object('Secret', 'two'), outcome: 'created' },
    ];
    expect(describeApplied(results, false)).toEqual([
      '  created    Secret: one, two',
      '  created    Service: some',
    ]);
    expect(describeApplied(results, true)[0]).toBe('  to create  Secret: one, two');
  });

  it('names up to four changed fields and counts the others', () => {
    expect(describeApplied([changed(['a', 'b', 'c', 'd'])], false)).toEqual([
      '  changed    deployment/orders: a, b, c, d',
    ]);
    expect(describeApplied([changed(['a', 'b', 'c', 'd', 'e', 'f'])], true)).toEqual([
      '  to change  deployment/orders: a, b, c, d and 2 more',
    ]);
  });

  it('names the fields that were taken back, and from whom', () => {
    const takenBack = [{ field: '.spec.replicas', manager: 'kubectl-edit' }];
    const result: Applied = {
      object: object('Deployment', 'orders'),
      outcome: 'changed',
      fields: ['a'],
      takenBack,
    };
    expect(describeApplied([result], false)).toContain(
      '  reset      deployment/orders .spec.replicas, which kubectl-edit had set',
    );
  });

  it('says that everything was unchanged only if nothing was created or changed', () => {
    const unchanged: readonly Applied[] = [
      { object: object('Secret', 'one'), outcome: 'unchanged' },
      { object: object('Secret', 'two'), outcome: 'unchanged' },
    ];
    expect(describeApplied(unchanged, false)).toEqual(['  unchanged  all 2 objects']);
    expect(describeApplied([...unchanged, changed(['a'])], false)).toContain('  unchanged  2 objects');
  });

  it('ends with what was left out and what was refused, with the reasons', () => {
    const lines = describeApplied(
      [
        { object: object('Secret', 'one'), outcome: 'refused', reason: 'quota exceeded' },
        { object: object('ScaledObject', 'some', 'keda.sh/v1alpha1'), outcome: 'left-out' },
      ],
      false,
    );
    expect(lines).toEqual([
      expect.stringMatching(/^ {2}left out {3}1 ScaledObject: KEDA .* is not installed/),
      '  refused    secret/one: quota exceeded',
    ]);
  });
});

describe('the report of what did not come up', () => {
  it('explains a cause once, and says what still serves', () => {
    const failure = { serving: false, cause: 'image x', lines: ['pod: no image x', '  a warning'] };
    const lines = describeFailures([
      { ...failure, workload: 'deployment/one' },
      { ...failure, workload: 'deployment/two', serving: true },
      { workload: 'deployment/three', serving: false, cause: 'other', lines: ['pod: other'] },
    ]);
    expect(lines).toEqual([
      '  deployment/one did not come up:',
      '    pod: no image x',
      '      a warning',
      '  deployment/two did not come up; its earlier pods still serve, for the same reason as deployment/one',
      '  deployment/three did not come up:',
      '    pod: other',
    ]);
  });
});

describe('the report of what was removed', () => {
  it('tells what is removed from what is kept, and what would remove that too', () => {
    expect(describePruned(['service/old'], [['statefulset/redis', 'it holds data']], true)).toEqual([
      '  to remove  service/old: no longer declared',
      '  kept       statefulset/redis: no longer declared, but it holds data; --force removes it',
    ]);
  });

  it('leaves the end of a namespace to whoever knows what else is in it', () => {
    expect(describePruned([], [['namespace/old', 'everything in it would go with it']], false)).toEqual([
      '  kept       namespace/old: no longer declared, but everything in it would go with it; kubectl delete namespace/old removes it',
    ]);
  });
});
