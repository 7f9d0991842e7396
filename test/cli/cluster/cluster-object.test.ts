import { describe, expect, it } from '@jest/globals';
import { groupOf, idOf, keyOf, titleOf } from '../../../cli/cluster/cluster-object.ts';

describe('an object of a cluster', () => {
  it('is identified by kind, name and namespace, without what it says', () => {
    const metadata = { name: 'shop', namespace: 'smarteats', labels: { app: 'shop' } };
    expect(idOf({ apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: {} })).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      name: 'shop',
      namespace: 'smarteats',
    });
  });

  it('has no namespace in its id when it belongs to the whole cluster', () => {
    expect(idOf({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'a' } })).not.toHaveProperty(
      'namespace',
    );
  });

  it('has the same key in every version of its API', () => {
    const id = { kind: 'ScaledObject', name: 'a', namespace: 'n' };
    expect(keyOf({ ...id, apiVersion: 'keda.sh/v1' })).toBe(keyOf({ ...id, apiVersion: 'keda.sh/v1alpha1' }));
  });

  it('has another key in another group, kind, namespace or by another name', () => {
    const id = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', namespace: 'n' };
    const others = [{ apiVersion: 'v1' }, { kind: 'StatefulSet' }, { name: 'b' }, { namespace: 'm' }];
    const keys = [id, ...others.map((other) => ({ ...id, ...other }))].map(keyOf);
    expect(new Set(keys).size).toBe(5);
  });

  it('is of the group before the slash, or of the core', () => {
    expect(groupOf('monitoring.coreos.com/v1')).toBe('monitoring.coreos.com');
    expect(groupOf('v1')).toBe('');
  });

  it('is called as kubectl takes it', () => {
    expect(titleOf({ kind: 'StatefulSet', name: 'redis' })).toBe('statefulset/redis');
  });
});
