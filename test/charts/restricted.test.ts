import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { Container, PodSpec } from '../../charts/validation/manifest.ts';
import { manifestsOf } from './manifests.ts';

const ours = { runAsUser: 10_001, runAsGroup: 10_001 };
const identities: Readonly<Record<string, object>> = {
  redis: { runAsUser: 999, runAsGroup: 1000 },
  rabbitmq: { runAsUser: 100, runAsGroup: 101 },
  'redis-exporter': { runAsUser: 59_000, runAsGroup: 59_000 },
  grafana: { runAsUser: 65_534, runAsGroup: 65_534 },
};

describe.each(['kind', 'production'] as const)('every pod of %s', (name) => {
  const manifests = manifestsOf(defineProfile(name));
  const workloads = manifests.workloadNames();
  const pods = workloads.map((each): [string, PodSpec] => [each, manifests.workload(each).template.spec]);
  const containers = pods.flatMap(([each, pod]) =>
    [...(pod.initContainers ?? []), ...pod.containers].map((container): [string, Container] => [
      `${each}/${container.name}`,
      container,
    ]),
  );

  it('runs as a numeric user that is not root, with the default seccomp profile', () => {
    for (const [workload, { securityContext }] of pods) {
      expect([workload, securityContext]).toEqual([
        workload,
        expect.objectContaining({
          runAsNonRoot: true,
          seccompProfile: { type: 'RuntimeDefault' },
          ...(identities[workload] ?? ours),
        }),
      ]);
    }
  });

  it('has no capability, no way to more rights and a root file system that cannot be written', () => {
    for (const [container, { securityContext }] of containers) {
      expect([container, securityContext]).toEqual([
        container,
        {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
      ]);
    }
  });

  it('has no access to the Kubernetes API and an account of its own that has none either', () => {
    for (const [workload, pod] of pods) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        serviceAccountName: workload,
      });
      expect(manifests.get('ServiceAccount', workload)).toMatchObject({
        automountServiceAccountToken: false,
      });
    }
  });

  it('asks for CPU, memory and ephemeral storage and is limited in each', () => {
    for (const [container, { resources }] of containers) {
      for (const side of ['requests', 'limits'] as const)
        expect([container, Object.keys(resources?.[side] ?? {}).sort()]).toEqual([
          container,
          ['cpu', 'ephemeral-storage', 'memory'],
        ]);
    }
  });

  it('runs a pinned version', () => {
    for (const [container, { image }] of containers)
      expect([container, image]).toEqual([container, expect.stringMatching(/:v?\d+\.\d+\.\d+[a-z-]*$/)]);
  });

  it('has probes that differ', () => {
    for (const [, { containers: each }] of pods) {
      for (const { livenessProbe, readinessProbe } of each) {
        expect(livenessProbe).toBeDefined();
        expect(readinessProbe).toBeDefined();
        expect(JSON.stringify(livenessProbe)).not.toBe(JSON.stringify(readinessProbe));
      }
    }
  });

  it('mounts only volumes that it has, and has none that it does not mount', () => {
    for (const workload of workloads) {
      const { template, volumeClaimTemplates = [] } = manifests.workload(workload);
      const { volumes = [], containers: running, initContainers = [] } = template.spec;
      const mounted = [...running, ...initContainers].flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name: volume }) => volume),
      );
      const available = [
        ...volumes.map((volume) => volume['name']),
        ...volumeClaimTemplates.map(() => 'data'),
      ];
      expect([workload, [...new Set(mounted)].sort()]).toEqual([workload, available.sort()]);
    }
  });

  it('is spread over nodes, and a drain takes one of a kind at a time and never waits for a broken one', () => {
    for (const [workload, pod] of pods) {
      expect(pod.topologySpreadConstraints).toHaveLength(2);
      expect(pod.affinity).toMatchObject({
        podAntiAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            { podAffinityTerm: { labelSelector: manifests.workload(workload).selector } },
          ],
        },
      });
      expect(manifests.spec('PodDisruptionBudget', workload)).toEqual({
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: manifests.workload(workload).selector,
      });
    }
  });
});

describe('labels and selectors', () => {
  const manifests = manifestsOf();

  it('name every object after what it belongs to', () => {
    for (const { kind, metadata } of manifests.all) {
      expect([kind, metadata.labels]).toEqual([
        kind,
        expect.objectContaining({ 'app.kubernetes.io/part-of': 'smarteats' }),
      ]);
    }
  });

  it('select by name and instance alone, because a selector can never change', () => {
    for (const workload of manifests.workloadNames()) {
      expect(manifests.workload(workload).selector.matchLabels).toEqual({
        'app.kubernetes.io/name': workload,
        'app.kubernetes.io/instance': 'smarteats',
      });
      expect(manifests.workload(workload).template.metadata?.labels).toMatchObject(
        manifests.workload(workload).selector.matchLabels ?? {},
      );
    }
  });

  it('have Services select the pods of their workload, at a port that those name', () => {
    for (const { metadata } of manifests.ofKind('Service')) {
      const spec = manifests.spec<{
        selector: Record<string, string>;
        ports: { targetPort: string }[];
      }>('Service', metadata.name, metadata.namespace);
      const workload = spec.selector['app.kubernetes.io/name'] ?? '';
      const [pod, ...others] = manifests.select(
        { matchLabels: spec.selector },
        manifests.get('Service', metadata.name, metadata.namespace),
      );
      expect([metadata.name, pod?.labels['app.kubernetes.io/name'], others]).toEqual([
        metadata.name,
        workload,
        [],
      ]);
      const names = pod?.spec.containers[0]?.ports?.map(({ name }) => name);
      expect(names).toEqual(expect.arrayContaining(spec.ports.map(({ targetPort }) => targetPort)));
    }
  });
});
