import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileProps } from '../../charts/profile.ts';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { manifestsOf } from './manifests.ts';

/** The systems of numbered files. */
const systemsOf = (files: readonly string[]) => files.map((name) => name.replace(/^\d+-|\.k8s\.yaml$/g, ''));

describe('a synthesis', () => {
  it.each(['kind', 'production'] as const)('of %s gives the same bytes each time', (name) => {
    const first = manifestsOf(defineProfile(name)).files;
    const second = manifestsOf(defineProfile(name)).files;
    expect([...second]).toEqual([...first]);
  });

  it('numbers its files in the order in which to apply them', () => {
    const names = [...manifestsOf().files.keys()];
    expect(names.map((name) => name.slice(0, 5))).toEqual(
      names.map((_, index) => `${String(index).padStart(4, '0')}-`),
    );
    expect(systemsOf(names)).toEqual([
      'namespace',
      'network',
      'credentials',
      'redis',
      'rabbitmq',
      'redis-exporter',
      'node-exporter',
      'kubelets',
      'sandbox',
      'services',
      'schedule',
      'flower',
      'grafana',
      'monitoring',
      'prometheus',
      'autoscaling',
    ]);
  });

  it('keeps what only an operator understands in files of its own', () => {
    const custom = [...manifestsOf().files].filter(([, text]) =>
      /^apiVersion: (monitoring\.coreos\.com|keda\.sh)\//m.test(text),
    );
    expect(systemsOf(custom.map(([name]) => name))).toEqual(['prometheus', 'autoscaling']);
    for (const [, text] of custom) expect(text).not.toMatch(/^apiVersion: (v1|apps\/v1)$/m);
  });

  it('gives every object a name of its own kind, in the namespace of the profile', () => {
    const { all } = manifestsOf(defineProfile('kind', { namespace: 'trial', nodes: { watched: false } }));
    const ids = all.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { kind, metadata } of all)
      expect([kind, metadata.namespace]).toEqual([kind, kind === 'Namespace' ? undefined : 'trial']);
  });

  it('puts what watches the nodes into a namespace beside it, and nothing else', () => {
    const elsewhere = manifestsOf(defineProfile('kind', { namespace: 'trial' })).all.filter(
      ({ metadata }) => metadata.namespace !== 'trial',
    );
    expect(elsewhere.map(({ kind, metadata }) => [kind, metadata.name, metadata.namespace])).toEqual([
      ['Namespace', 'trial', undefined],
      ['Namespace', 'trial-nodes', undefined],
      ['ServiceAccount', 'node-exporter', 'trial-nodes'],
      ['NetworkPolicy', 'default-deny', 'trial-nodes'],
      ['NetworkPolicy', 'node-exporter', 'trial-nodes'],
      ['Role', 'prometheus', 'trial-nodes'],
      ['RoleBinding', 'prometheus', 'trial-nodes'],
      ['Service', 'node-exporter', 'trial-nodes'],
      ['DaemonSet', 'node-exporter', 'trial-nodes'],
      ['ClusterRole', 'trial-prometheus', undefined],
      ['ClusterRoleBinding', 'trial-prometheus', undefined],
    ]);
  });

  it('makes a namespace that refuses every pod that is not restricted', () => {
    expect(manifestsOf().get('Namespace', 'smarteats').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('writes no secret in production, and none outside of Secrets on kind', () => {
    // What the operator reads from Secrets only; they name the files in which the secrets are.
    const configuration = ['prometheus-kubelets', 'alertmanager-smarteats'];
    expect(manifestsOf(defineProfile('production')).names('Secret')).toEqual(configuration);
    const kind = manifestsOf();
    const values = kind
      .ofKind('Secret')
      .filter(({ metadata }) => !configuration.includes(metadata.name))
      .flatMap(({ stringData }) => Object.values(stringData ?? {}))
      .filter((value) => !value.startsWith('smtp://'));
    expect(values.length).toBeGreaterThan(0);
    const others = [...kind.files].filter(([name]) => !name.includes('credentials'));
    for (const [, text] of others) for (const value of values) expect(text).not.toContain(value);
  });

  it('leaves out the servers that are outside', () => {
    const outside = defineProfile('production', { outside: { redis: {}, rabbitmq: {} } });
    const inside = systemsOf([...manifestsOf(defineProfile('production')).files.keys()]);
    expect(systemsOf([...manifestsOf(outside).files.keys()])).toEqual(
      inside.filter((name) => name !== 'redis' && name !== 'rabbitmq'),
    );
    expect(inside).toEqual(expect.arrayContaining(['redis', 'rabbitmq']));
  });

  it('refuses a service that would take the name of a server, or that Kubernetes cannot name', () => {
    for (const name of ['redis', 'prometheus', 'Loyalty_Service']) {
      const service = { description: 'Wrong', port: 4006, uses: [], kind: 'product' } as const;
      const platform = definePlatform({ ...smartEats, services: { ...smartEats.services, [name]: service } });
      expect(() => manifestsOf(defineProfile('kind'), platform)).toThrow(
        expect.objectContaining({
          code: 'PLATFORM_DECLARATION_INVALID',
          message: expect.stringContaining(name),
        }),
      );
    }
  });
});

describe('docs/kubernetes.md', () => {
  const page = readFileSync(new URL('../../docs/kubernetes.md', import.meta.url), 'utf8');

  it.each<[string, ProfileProps['outside'] & object]>([
    ['in the cluster', {}],
    ['outside', { redis: {}, rabbitmq: {} }],
  ])('names every key of a Secret that production needs, with the servers %s', (_, outside) => {
    const manifests = manifestsOf(defineProfile('production', { outside }));
    const text = [...manifests.files.values()].join('\n');
    const keys = [...text.matchAll(/^ +(?:- )?key: (\S+)$/gm)].map(([, key]) => key);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(page).toContain(`\`${key}\``);
  });

  it('describes every file that a synthesis writes', () => {
    for (const name of systemsOf([...manifestsOf().files.keys()])) expect(page).toContain(`| \`${name}\` |`);
  });
});
