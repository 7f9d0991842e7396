import { describe, expect, it } from '@jest/globals';
import type { ClusterObject } from '../../../cli/cluster/cluster-object.ts';
import { claimsOf, verdictOn } from '../../../cli/deploy/pruning.ts';

const ours = (kind: string, spec?: unknown): ClusterObject => ({
  apiVersion: 'v1',
  kind,
  metadata: { name: 'redis', labels: { 'app.kubernetes.io/managed-by': 'smarteats' } },
  ...(spec !== undefined && { spec }),
});

const volumeClaimTemplates = [{ metadata: { name: 'data' } }, { metadata: { name: 'log' } }];

describe('an object that is no longer declared', () => {
  it('is removed if it holds no data', () => {
    expect(verdictOn(ours('Deployment'), false)).toEqual({ kind: 'remove' });
    expect(verdictOn(ours('StatefulSet', { replicas: 2 }), false)).toEqual({ kind: 'remove' });
  });

  it('is forgotten if it is gone', () => {
    expect(verdictOn(undefined, true)).toEqual({ kind: 'forget', reason: 'it is gone' });
  });

  it.each([
    ['without labels', undefined],
    ['with the label of somebody else', { 'app.kubernetes.io/managed-by': 'Helm' }],
  ])('is left alone, even by force, if it is there %s', (_, labels) => {
    const metadata = { name: 'redis', ...(labels !== undefined && { labels }) };
    expect(verdictOn({ apiVersion: 'v1', kind: 'Service', metadata }, true).kind).toBe('forget');
  });

  it.each([
    ['a claim', ours('PersistentVolumeClaim')],
    ['a StatefulSet with volumes', ours('StatefulSet', { volumeClaimTemplates })],
  ])('is held if it is %s, unless force is used', (_, object) => {
    expect(verdictOn(object, false).kind).toBe('hold');
    expect(verdictOn(object, true)).toEqual({ kind: 'remove' });
  });

  it('is held even against force if it is a namespace', () => {
    expect(verdictOn(ours('Namespace'), true).kind).toBe('hold');
  });
});

describe('the claims of a StatefulSet', () => {
  it('are named for each volume and each pod', () => {
    const claims = claimsOf(ours('StatefulSet', { replicas: 2, volumeClaimTemplates }));
    expect(claims).toEqual(['data-redis-0', 'data-redis-1', 'log-redis-0', 'log-redis-1']);
  });

  it('are those of one pod if the number of pods is not given, and none without volumes', () => {
    expect(claimsOf(ours('StatefulSet', { volumeClaimTemplates }))).toEqual(['data-redis-0', 'log-redis-0']);
    expect(claimsOf(ours('StatefulSet', { replicas: 3 }))).toEqual([]);
  });
});
