import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileName, type ProfileProps } from '../../../charts/profile.ts';
import { policies } from '../../../charts/validation/validate.ts';
import { extendedPlatform } from '../extended-platform.ts';
import { manifestsOf } from '../manifests.ts';
import { at, Cluster, namespace, order } from './cluster.ts';

describe('the rules of the platform', () => {
  it.each([
    ['kind', {}],
    ['production', {}],
    ['production', { rabbitmq: { nodes: 1 } }],
    ['production', { nodes: { watched: false } }],
    ['production', { outside: { redis: {}, rabbitmq: {} } }],
    ['kind', { outside: { redis: {}, mail: {}, sms: {}, 'payment-provider': {} } }],
  ] satisfies [ProfileName, ProfileProps][])('are kept by the manifests of %s with %j', (name, props) => {
    expect(new Cluster(manifestsOf(defineProfile(name, props)).all).findings()).toEqual([]);
  });

  it('are kept by what follows from a service and a queue that were only declared', () => {
    const { all } = manifestsOf(defineProfile('kind'), extendedPlatform);
    expect(new Cluster(all).findings()).toEqual([]);
  });

  it('have names that differ', () => {
    const names = policies.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('are listed in docs/kubernetes.md, each once, and nothing else is', () => {
    const page = readFileSync(new URL('../../../docs/kubernetes.md', import.meta.url), 'utf8');
    const [, section = ''] = page.split('## What a synthesis refuses');
    const listed = [...section.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, rule]) => rule);
    expect(listed).toEqual(['schema', ...policies.map(({ name }) => name)]);
  });

  it('wait until the form is right', () => {
    const cluster = new Cluster();
    Object.assign(cluster.pod(order), { hostNetwork: true, hostnetwork: true });
    expect(cluster.findings()).toEqual([
      `schema: Deployment/${order}: spec.template.spec.hostnetwork is no field of the API`,
    ]);
  });

  it('allow a token to a pod whose account a RoleBinding names, and none otherwise', () => {
    const cluster = new Cluster();
    delete cluster.pod(order)['automountServiceAccountToken'];
    const binding = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: order, namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: order },
      subjects: [{ kind: 'ServiceAccount', name: order, namespace }],
    };
    cluster.add(binding);
    expect(cluster.findings()).toEqual([]);
  });

  it('take an image by its digest, and a Secret that is made elsewhere', () => {
    const cluster = new Cluster();
    Object.assign(cluster.container(order), { image: `smarteats@sha256:${'0'.repeat(64)}` });
    cluster.remove('Secret', 'redis');
    expect(cluster.findings()).toEqual([]);
  });

  it('ask nothing of a Job that only what serves must have', () => {
    const cluster = new Cluster();
    const template = structuredClone(at(cluster.object('Deployment', order), 'spec.template'));
    const container = at(template, 'spec.containers.0');
    delete container['livenessProbe'];
    delete container['readinessProbe'];
    Object.assign(at(template, 'metadata.labels'), { 'app.kubernetes.io/name': 'once' });
    delete at(template, 'spec')['topologySpreadConstraints'];
    delete at(template, 'spec')['affinity'];
    cluster.add({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'once', namespace },
      spec: { template },
    });
    expect(cluster.findings()).toEqual([]);
  });
});
