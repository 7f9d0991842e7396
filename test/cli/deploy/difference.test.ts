import { describe, expect, it } from '@jest/globals';
import type { ClusterObject } from '../../../cli/cluster/cluster-object.ts';
import { changedFields } from '../../../cli/deploy/difference.ts';

const withSpec = (spec: unknown): ClusterObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'some' },
  spec,
});

const withMetadata = (metadata: Readonly<Record<string, unknown>>): ClusterObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'some', ...metadata },
});

describe('the changed fields of an object', () => {
  it('are none between two equal states, whatever the order of their keys', () => {
    expect(changedFields(withSpec({ a: 1, b: [2] }), withSpec({ b: [2], a: 1 }))).toEqual([]);
  });

  it('are named down to the element of a list', () => {
    const withImage = (image: string) =>
      withSpec({ containers: [{ name: 'sidecar' }, { name: 'main', image }] });
    expect(changedFields(withImage('one'), withImage('two'))).toEqual(['spec.containers[1].image']);
  });

  it('are named as the whole list if its length changed', () => {
    expect(changedFields(withSpec({ args: ['a'] }), withSpec({ args: ['b', 'c'] }))).toEqual(['spec.args']);
  });

  it('include those that appear and those that vanish', () => {
    expect(changedFields(withSpec({ old: 1 }), withSpec({ fresh: 1 }))).toEqual(['spec.old', 'spec.fresh']);
  });

  it('include one that changes its type, without what was in it', () => {
    expect(changedFields(withSpec({ a: { b: 1 } }), withSpec({ a: [1] }))).toEqual(['spec.a']);
    expect(changedFields(withSpec({ a: null }), withSpec({ a: { b: 1 } }))).toEqual(['spec.a']);
  });

  it('never show a value', () => {
    const secret = (password: string): ClusterObject => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'some' },
      data: { password },
    });
    expect(changedFields(secret('b2xk'), secret('bmV3'))).toEqual(['data.password']);
  });

  it.each(['managedFields', 'resourceVersion', 'generation', 'creationTimestamp', 'uid', 'selfLink'])(
    'do not include metadata.%s, which the cluster keeps for itself',
    (field) => {
      expect(changedFields(withMetadata({ [field]: 'one' }), withMetadata({ [field]: 'two' }))).toEqual([]);
    },
  );

  it('do not include the status', () => {
    const before = withSpec({});
    expect(changedFields(before, { ...before, status: { replicas: 1 } })).toEqual([]);
  });

  it('include declared annotations and labels, but not the revision that a Deployment is given', () => {
    const before = withMetadata({});
    const revision = { 'deployment.kubernetes.io/revision': '2' };
    expect(changedFields(before, withMetadata({ annotations: revision }))).toEqual([]);
    expect(changedFields(before, withMetadata({ annotations: { ...revision, note: 'a' } }))).toEqual([
      'metadata.annotations.note',
    ]);
    expect(changedFields(withMetadata({ labels: { a: '1' } }), withMetadata({ labels: { a: '2' } }))).toEqual(
      ['metadata.labels.a'],
    );
  });
});
