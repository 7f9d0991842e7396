import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { platformLabels } from '../../charts/labels.ts';
import { type ClusterObject, idOf } from '../../cli/cluster/cluster-object.ts';
import { applyAll } from '../../cli/deploy/apply.ts';
import { describeFailures } from '../../cli/deploy/deployment-report.ts';
import type { Diagnosis } from '../../cli/deploy/diagnosis.ts';
import { pruneObjects } from '../../cli/deploy/prune.ts';
import { rolloutKey, waitForRollouts } from '../../cli/deploy/wait-for-rollouts.ts';
import { brokenWorkloads } from './broken-workloads.ts';
import { openTestCluster, type TestCluster } from './test-cluster.ts';

const namespace = 'smarteats-test-rollouts';
const apply = { dryRun: false, force: false };

let test: TestCluster;
beforeAll(async () => {
  test = await openTestCluster(namespace);
  const level = { 'pod-security.kubernetes.io/enforce': 'restricted' };
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels: level } };
  await applyAll(test.cluster, [object], apply);
}, 120_000);
afterAll(() => test?.remove(), 120_000);

describe('workloads that do not come up', () => {
  let failures: readonly Diagnosis[] = [];
  const diagnosisOf = (name: string) =>
    failures.find(({ workload }) => workload === `deployment/${name}`)?.lines.join('\n');

  beforeAll(async () => {
    const objects = brokenWorkloads(namespace, test.profile.image);
    const applied = await applyAll(test.cluster, objects, apply);
    expect(applied.map(({ outcome }) => outcome)).toEqual(objects.map(() => 'created'));
    failures = await waitForRollouts(test.cluster, [namespace], {
      expected: new Set(objects.map((object) => rolloutKey(idOf(object)))),
      timeoutMs: 60_000,
      signal: AbortSignal.timeout(150_000),
    });
  }, 200_000);

  it('are all reported, each with its pod or the reason why it has none', () => {
    expect(failures.map(({ workload }) => workload).toSorted()).toEqual([
      'deployment/crashing',
      'deployment/never-ready',
      'deployment/no-such-image',
      'deployment/privileged',
      'deployment/too-big',
      'deployment/without-its-secret',
    ]);
    expect(describeFailures(failures).join('\n')).toContain('deployment/crashing did not come up:');
  });

  it.each([
    ['no-such-image', /pod no-such-image-\S+: (ImagePullBackOff|ErrImagePull): .*that-nobody-built/],
    ['crashing', /pod crashing-\S+: (CrashLoopBackOff|Error): ended with exit code 3, restarted \d+ times?/],
    ['crashing', /the wheel came off/],
    ['too-big', /pod too-big-\S+: FailedScheduling: .*Insufficient cpu/],
    ['never-ready', /pod never-ready-\S+: Unready: [\s\S]*Readiness probe failed/],
    ['without-its-secret', /CreateContainerConfigError: secret "nobody-made-it" not found/],
    ['privileged', /it cannot make pods: .*violates PodSecurity "restricted/],
  ])('%s is told as %s', (name, text) => {
    expect(diagnosisOf(name)).toMatch(text);
  });
});

describe('a StatefulSet whose pod cannot start', () => {
  it('comes up with the next revision that is right, although Kubernetes would wait for the broken pod', async () => {
    const { cluster, profile } = test;
    const expected = new Set([rolloutKey(idOf(statefulSet(profile.image)))]);
    const roll = (image: string, timeoutMs: number) =>
      applyAll(cluster, [statefulSet(image)], apply).then(() =>
        waitForRollouts(cluster, [namespace], {
          expected,
          timeoutMs,
          patienceMs: 3_000,
          signal: AbortSignal.timeout(150_000),
        }),
      );
    expect(await roll(`${profile.image}-that-nobody-built`, 60_000)).toHaveLength(1);
    expect(await roll(profile.image, 90_000)).toEqual([]);
  }, 240_000);

  it('keeps its volume when it is no longer declared, and with force the volume is all that stays', async () => {
    const { cluster, profile } = test;
    const id = idOf(statefulSet(profile.image));
    const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name: 'data-store-0', namespace };
    const prune = (force: boolean) => pruneObjects(cluster, [id], { force, dryRun: false });

    const { removed, held } = await prune(false);
    expect([removed, held.map(({ reason }) => reason)]).toEqual([[], ['its pods keep data on volumes']]);
    expect(await cluster.objects.find(id)).toBeDefined();

    expect(await prune(true)).toEqual({
      removed: ['statefulset/store'],
      held: [],
      notes: ['the volumes of statefulset/store stay: kubectl delete pvc data-store-0'],
    });
    while ((await cluster.objects.find(id)) !== undefined) await delay(200);
    expect(await cluster.objects.find(claim)).toBeDefined();
  }, 120_000);
});

function statefulSet(image: string): ClusterObject {
  const labels = { app: 'store' };
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'store', namespace, labels: platformLabels },
    spec: {
      replicas: 1,
      serviceName: 'store',
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 10_001,
            fsGroup: 10_001,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'store',
              image,
              command: ['node', '--eval', 'setInterval(() => {}, 1000)'],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
              volumeMounts: [{ name: 'data', mountPath: '/data' }],
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '16Mi' } } },
        },
      ],
    },
  };
}
