import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { NetworkPolicySpec, ServiceSpec, WorkloadSpec } from '../../charts/validation/manifest.ts';
import { manifestsOf } from './manifests.ts';

const name = 'node-exporter';
const namespace = 'smarteats-nodes';
const kind = manifestsOf();
const { template } = kind.spec<WorkloadSpec>('DaemonSet', name, namespace);
const pod = template.spec as typeof template.spec & Readonly<Record<string, unknown>>;
const [container] = pod.containers;

describe('the node exporter', () => {
  it('is in a namespace that lets its pods see the node, and the platform is not', () => {
    const level = 'pod-security.kubernetes.io/enforce';
    expect(kind.get('Namespace', namespace).metadata.labels).toMatchObject({ [level]: 'privileged' });
    expect(kind.get('Namespace', 'smarteats').metadata.labels).toMatchObject({ [level]: 'restricted' });
  });

  it('runs on every node, whatever that node refuses to others', () => {
    expect(pod).toMatchObject({
      tolerations: [{ operator: 'Exists' }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
    });
  });

  it('reads the file systems of the node, those mounted later included, and cannot write to them', () => {
    expect(pod.volumes).toEqual([{ name: 'host', hostPath: { path: '/', type: 'Directory' } }]);
    expect(container?.volumeMounts).toEqual([
      { name: 'host', mountPath: '/host', readOnly: true, mountPropagation: 'HostToContainer' },
    ]);
    expect(container?.args).toEqual(
      expect.arrayContaining(['--path.rootfs=/host', '--path.procfs=/host/proc', '--path.sysfs=/host/sys']),
    );
  });

  it('has none of the other rights that its namespace would allow', () => {
    expect(pod).not.toHaveProperty('hostNetwork');
    expect(pod).not.toHaveProperty('hostPID');
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      serviceAccountName: name,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65_534,
        runAsGroup: 65_534,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  });

  it('does not tell the layers of images and the volumes of pods as disks, but the disks that hold them', () => {
    const flag = '--collector.filesystem.mount-points-exclude=';
    const excluded = new RegExp(
      container?.args?.find((each) => each.startsWith(flag))?.slice(flag.length) ?? '',
    );
    for (const mount of [
      '/proc',
      '/run/containerd/io.containerd.runtime.v2.task/k8s.io/0a1b/rootfs',
      '/var/lib/kubelet/pods/0a1b/volumes/kubernetes.io~csi/pvc-1/mount',
      '/var/lib/docker/overlay2/0a1b/merged',
    ])
      expect([mount, excluded.test(mount)]).toEqual([mount, true]);
    for (const mount of ['/', '/boot', '/var', '/var/lib/kubelet', '/var/lib/containerd', '/mnt/disk-1'])
      expect([mount, excluded.test(mount)]).toEqual([mount, false]);
  });

  it('is found on each node by a Service without an address of its own', () => {
    expect(kind.spec<ServiceSpec>('Service', name, namespace)).toMatchObject({
      clusterIP: 'None',
      ports: [{ name: 'metrics', port: 9100, targetPort: 'metrics' }],
    });
    expect(kind.spec('ServiceMonitor', name)).toMatchObject({
      namespaceSelector: { matchNames: [namespace] },
      endpoints: [
        {
          port: 'metrics',
          relabelings: [
            { targetLabel: 'instance', sourceLabels: ['__meta_kubernetes_pod_node_name'], action: 'replace' },
          ],
        },
      ],
    });
  });

  it('lets Prometheus in, nobody else, and connects to nobody', () => {
    const { ingress, ...rest } = kind.spec<NetworkPolicySpec>('NetworkPolicy', name, namespace);
    expect(ingress).toEqual([
      {
        from: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'smarteats' } },
            podSelector: {
              matchLabels: {
                'app.kubernetes.io/name': 'prometheus',
                'app.kubernetes.io/instance': 'smarteats',
              },
            },
          },
        ],
        ports: [{ protocol: 'TCP', port: 9100 }],
      },
    ]);
    expect(rest).not.toHaveProperty('egress');
    expect(kind.spec('NetworkPolicy', 'default-deny', namespace)).toEqual({
      podSelector: {},
      policyTypes: ['Ingress', 'Egress'],
    });
  });

  it('is left out, with its namespace, where others watch the nodes', () => {
    const without = manifestsOf(defineProfile('kind', { nodes: { watched: false } }));
    expect(without.names('Namespace')).toEqual(['smarteats']);
    expect(without.names('DaemonSet')).toEqual([]);
    expect(without.names('ServiceMonitor')).not.toContain(name);
  });
});
