import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Yaml } from 'cdk8s';
import { usedKinds } from '../../../charts/custom-resources/used-kinds.ts';
import { defineProfile } from '../../../charts/profile.ts';
import { cluster, nodes, operators, registry } from '../../../cli/kind/names.ts';
import { clusterPlan, type KindState, operatorPlan, removalPlan } from '../../../cli/kind/plan.ts';
import type { Step } from '../../../cli/kind/step.ts';
import { checkout } from '../../../local/checkout.ts';

interface KindConfig {
  readonly name: string;
  readonly nodes: readonly { readonly role: string; readonly image: string }[];
  readonly containerdConfigPatches: readonly string[];
}

const [config] = Yaml.load(join(checkout, 'kind-config.yaml')) as [KindConfig];
const nothing: KindState = { registry: 'absent', cluster: 'absent', connected: false };
const everything: KindState = { registry: 'running', cluster: 'there', connected: true };

const lines = (steps: readonly Step[]) => steps.map(({ program, args }) => [program, ...args].join(' '));
/** What a plan does, as the first words of each command; what is done to each node counts once. */
const outline = (steps: readonly Step[]) => [
  ...new Set(
    lines(steps).map((line) =>
      line.replace(` --context ${cluster.context}`, '').split(' ').slice(0, 2).join(' '),
    ),
  ),
];

describe('the commands that make the cluster', () => {
  it('begin with the registry and the cluster where there is nothing', () => {
    expect(outline(clusterPlan(nothing))).toEqual([
      'docker run',
      'kind create',
      'docker exec',
      'docker network',
      'kubectl apply',
    ]);
  });

  it('make the cluster beside a registry that is there, and start it if it is stopped', () => {
    const there: KindState = { ...nothing, registry: 'running' };
    expect(outline(clusterPlan(there))).toEqual([
      'kind create',
      'docker exec',
      'docker network',
      'kubectl apply',
    ]);
    expect(outline(clusterPlan({ ...nothing, registry: 'stopped' }))).toEqual([
      'docker start',
      'kind create',
      'docker exec',
      'docker network',
      'kubectl apply',
    ]);
  });

  it('only make sure of the rest where the cluster is there', () => {
    expect(outline(clusterPlan(everything))).toEqual(['kind export', 'docker exec', 'kubectl apply']);
    const lost: KindState = { registry: 'absent', cluster: 'there', connected: false };
    expect(outline(clusterPlan(lost))).toEqual([
      'docker run',
      'kind export',
      'docker exec',
      'docker network',
      'kubectl apply',
    ]);
  });

  it('open the registry to this machine alone', () => {
    const [run] = lines(clusterPlan(nothing));
    expect(run).toContain('--publish 127.0.0.1:5001:5000');
    expect(run).toMatch(/ registry:\d+\.\d+\.\d+$/);
  });

  it('tell each node of the configuration where the registry is', () => {
    const told = clusterPlan(nothing).filter(({ input }) => input?.startsWith('[host'));
    expect(told.map(({ args }) => args[2])).toEqual([...nodes]);
    for (const { args, input } of told) {
      expect(args.at(-1)).toBe(`/etc/containerd/certs.d/${registry.address}/hosts.toml`);
      expect(input).toBe(`[host."http://${registry.container}:${registry.containerPort}"]\n`);
    }
  });

  it('only ever speak to the cluster of this workflow', () => {
    const kubectl = [...clusterPlan(nothing), ...operatorPlan()].filter(
      ({ program }) => program === 'kubectl',
    );
    expect(kubectl.length).toBeGreaterThan(3);
    for (const { args } of kubectl) expect(args.slice(0, 2)).toEqual(['--context', 'kind-smarteats']);
  });
});

describe('the commands that bring the operators', () => {
  it('apply a pinned release of each, wait for its kinds, then for its pods', () => {
    for (const { url, title } of operators) {
      const own = lines(operatorPlan().filter((step) => step.title.includes(title)));
      expect(own.map((line) => line.split(' ').slice(3, 5).join(' '))).toEqual([
        'apply --server-side',
        'wait --for=condition=Established',
        'wait --namespace',
      ]);
      expect(own[0]?.endsWith(url)).toBe(true);
      expect(url).toMatch(/^https:\/\/github\.com\/.*\/releases\/download\/v\d+\.\d+\.\d+\//);
    }
  });

  it('wait for every kind of custom resource that the manifests use', () => {
    const awaited = operators.flatMap(({ definitions }): readonly string[] => definitions).join(' ');
    for (const [group, kinds] of Object.entries(usedKinds))
      for (const kind of kinds)
        expect(awaited).toMatch(new RegExp(`\\b${kind.toLowerCase()}(s|es)\\.${group}`));
  });
});

describe('the commands that remove the cluster', () => {
  it('take away what is there and nothing else', () => {
    expect(lines(removalPlan(everything))).toEqual([
      'kind delete cluster --name smarteats',
      'docker rm --force --volumes smarteats-registry',
    ]);
    expect(lines(removalPlan({ ...everything, cluster: 'absent' }))).toEqual([
      'docker rm --force --volumes smarteats-registry',
    ]);
    expect(removalPlan(nothing)).toEqual([]);
  });
});

describe('kind-config.yaml', () => {
  it('is the cluster that the commands name, with one control plane and two workers', () => {
    expect(config.name).toBe(cluster.name);
    expect(config.nodes.map(({ role }) => role)).toEqual(['control-plane', 'worker', 'worker']);
    expect(config.nodes).toHaveLength(nodes.length);
  });

  it('runs one image on all nodes, pinned by tag and digest', () => {
    const images = new Set(config.nodes.map(({ image }) => image));
    expect([...images]).toEqual([expect.stringMatching(/^kindest\/node:v1\.\d+\.\d+@sha256:[0-9a-f]{64}$/)]);
  });

  it('lets the nodes read where a registry is from the directory that the commands write to', () => {
    expect(config.containerdConfigPatches.join('\n')).toContain('config_path = "/etc/containerd/certs.d"');
  });

  it('has the registry that the kind profile pulls our image from', () => {
    expect(defineProfile('kind').image.startsWith(`${registry.address}/`)).toBe(true);
    expect(registry.address).toBe(`localhost:${registry.hostPort}`);
  });

  it('is run by the script that the page about Kubernetes names', () => {
    const { scripts } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
    expect(scripts.kind).toBe('node local/setup/run.mjs kind');
    expect(readFileSync(join(checkout, 'docs/kubernetes.md'), 'utf8')).toContain('npm run kind -- --delete');
  });
});
