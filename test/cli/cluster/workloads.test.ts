import { describe, expect, it } from '@jest/globals';
import type { V1DaemonSet, V1Deployment, V1StatefulSet } from '@kubernetes/client-node';
import { daemonSetState, deploymentState, podsOf, statefulSetState } from '../../../cli/cluster/workloads.ts';

const selector = { matchLabels: { app: 'shop' } };

function deployment(status: NonNullable<V1Deployment['status']>, replicas = 2): V1Deployment {
  return {
    metadata: { name: 'shop', namespace: 'eats', generation: 3 },
    spec: { replicas, selector, template: {} },
    status,
  };
}

function statefulSet(status: Partial<V1StatefulSet['status']>): V1StatefulSet {
  return {
    metadata: { name: 'redis', generation: 3 },
    spec: { replicas: 1, selector, template: {}, serviceName: 'redis' },
    status: { replicas: 1, ...status },
  };
}

const rolledOut = { observedGeneration: 3, replicas: 2, updatedReplicas: 2, availableReplicas: 2 };

describe('a Deployment', () => {
  it('is done when every pod is of the new revision and available', () => {
    expect(deploymentState(deployment(rolledOut))).toEqual({
      kind: 'Deployment',
      namespace: 'eats',
      name: 'shop',
      selector: { app: 'shop' },
      wanted: 2,
      ready: 2,
      done: true,
    });
  });

  it.each([
    ['the controller has not seen the newest declaration', { observedGeneration: 2 }],
    ['pods of the new revision are missing', { updatedReplicas: 1, replicas: 1, availableReplicas: 1 }],
    ['a pod of an older revision is left', { replicas: 3 }],
    ['a pod is not available', { availableReplicas: 1 }],
  ])('is not done while %s', (_, change) => {
    expect(deploymentState(deployment({ ...rolledOut, ...change })).done).toBe(false);
  });

  it('is done without pods when none are wanted', () => {
    expect(deploymentState(deployment({ observedGeneration: 3 }, 0))).toMatchObject({
      wanted: 0,
      done: true,
    });
  });

  it('wants one pod when it does not say how many', () => {
    expect(deploymentState({ metadata: { name: 'shop' } })).toMatchObject({ wanted: 1, done: false });
  });

  it('says why it cannot make pods, while that is so', () => {
    const failing = (status: string) =>
      deploymentState(
        deployment({ conditions: [{ type: 'ReplicaFailure', status, message: 'exceeded quota' }] }),
      );
    expect(failing('True').failure).toBe('exceeded quota');
    expect(failing('False')).not.toHaveProperty('failure');
  });
});

describe('a StatefulSet', () => {
  const current = {
    observedGeneration: 3,
    updatedReplicas: 1,
    readyReplicas: 1,
    currentRevision: 'redis-b',
    updateRevision: 'redis-b',
  };

  it('is done when its pods have the revision that they are to have', () => {
    expect(statefulSetState(statefulSet(current))).toMatchObject({
      kind: 'StatefulSet',
      ready: 1,
      done: true,
      revision: 'redis-b',
    });
  });

  it.each([
    ['the controller has not seen the newest declaration', { observedGeneration: 2 }],
    ['no pod has been updated', { updatedReplicas: 0 }],
    ['a pod is not ready', { readyReplicas: 0 }],
    ['an older revision is current', { currentRevision: 'redis-a' }],
  ])('is not done while %s', (_, change) => {
    expect(statefulSetState(statefulSet({ ...current, ...change })).done).toBe(false);
  });
});

describe('a DaemonSet', () => {
  const current = { updatedNumberScheduled: 3, numberAvailable: 3, observedGeneration: 2 };
  const daemonSet = (change: Partial<V1DaemonSet['status']> = {}): V1DaemonSet => ({
    metadata: { name: 'watcher', namespace: 'nodes', generation: 2 },
    spec: { selector, template: {} },
    status: {
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      numberMisscheduled: 0,
      numberReady: 3,
      ...current,
      ...change,
    },
  });

  it('is done when there is a pod of the new revision on each node that it is for', () => {
    expect(daemonSetState(daemonSet())).toEqual({
      kind: 'DaemonSet',
      namespace: 'nodes',
      name: 'watcher',
      selector: { app: 'shop' },
      wanted: 3,
      ready: 3,
      done: true,
    });
  });

  it.each([
    ['the controller has not seen the newest declaration', { observedGeneration: 1 }],
    ['a node has a pod of an older revision', { updatedNumberScheduled: 2 }],
    ['the pod of a node is not available', { numberAvailable: 2 }],
  ])('is not done while %s', (_, change) => {
    expect(daemonSetState(daemonSet(change)).done).toBe(false);
  });

  it('is not done before the controller has looked at it', () => {
    expect(daemonSetState({ metadata: { name: 'watcher', generation: 1 } }).done).toBe(false);
  });
});

describe('the pods of a workload', () => {
  it('have all labels of its selector, and may have more', () => {
    const workload = {
      ...deploymentState(deployment(rolledOut)),
      selector: { app: 'shop', tier: 'web' },
    };
    const labelled = (name: string, labels?: Record<string, string>, namespace = 'eats') => ({
      metadata: { name, namespace, ...(labels && { labels }) },
    });
    const pods = [
      labelled('both', { app: 'shop', tier: 'web', extra: 'x' }),
      labelled('half', { app: 'shop' }),
      labelled('other', { app: 'shop', tier: 'db' }),
      labelled('none'),
      labelled('elsewhere', { app: 'shop', tier: 'web' }, 'elsewhere'),
    ];
    expect(podsOf(workload, pods).map(({ metadata }) => metadata?.name)).toEqual(['both']);
    expect(podsOf({ ...workload, selector: {} }, pods)).toEqual([]);
  });
});
