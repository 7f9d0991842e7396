import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { defineProfile, type ProfileProps } from '../../charts/profile.ts';
import type { Manifest } from '../../charts/validation/manifest.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

/** How the kubelets are asked, as Prometheus reads it. */
function scrapeOf(props: ProfileProps = {}): Readonly<Record<string, unknown>> {
  const { stringData = {} } = manifestsOf(defineProfile('production', props)).get(
    'Secret',
    'prometheus-kubelets',
  );
  const [scrape, ...others]: readonly Record<string, unknown>[] = parse(stringData['kubelets.yaml'] ?? '');
  expect(others).toEqual([]);
  return scrape ?? {};
}

const rulesOf = (role: Manifest) => (role as Manifest & { readonly rules: unknown }).rules;
const scrapesOf = (manifests: Manifests) =>
  manifests.spec<{ readonly additionalScrapeConfigs?: unknown }>('Prometheus', 'smarteats')
    .additionalScrapeConfigs;

describe('the kubelets', () => {
  it('are asked every 15 seconds on the port that each node names, with the account of Prometheus', () => {
    expect(scrapeOf()).toMatchObject({
      job_name: 'kubelet',
      scrape_interval: '15s',
      scheme: 'https',
      kubernetes_sd_configs: [{ role: 'node' }],
      authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    });
    expect(scrapesOf(manifestsOf())).toEqual({ name: 'prometheus-kubelets', key: 'kubelets.yaml' });
  });

  it('tell of the volumes of the platform and of nothing else', () => {
    expect(scrapeOf({ namespace: 'eats' })['metric_relabel_configs']).toEqual([
      { source_labels: ['__name__'], regex: 'kubelet_volume_stats_.+', action: 'keep' },
      { source_labels: ['namespace'], regex: 'eats', action: 'keep' },
    ]);
  });

  it('are believed whatever their certificate, unless the profile says that the cluster signs it', () => {
    expect(scrapeOf()['tls_config']).toEqual({ insecure_skip_verify: true });
    expect(scrapeOf({ nodes: { verifyKubelets: true } })['tls_config']).toEqual({
      ca_file: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt',
    });
  });

  it('give Prometheus their metrics, and the API where they are; it has no other right in the cluster', () => {
    const manifests = manifestsOf(defineProfile('kind', { namespace: 'eats' }));
    expect(manifests.names('ClusterRole')).toEqual(['eats-prometheus']);
    expect(rulesOf(manifests.get('ClusterRole', 'eats-prometheus'))).toEqual([
      { apiGroups: [''], resources: ['nodes'], verbs: ['get', 'list', 'watch'] },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ]);
    expect(manifests.get('ClusterRoleBinding', 'eats-prometheus')).toMatchObject({
      roleRef: { kind: 'ClusterRole', name: 'eats-prometheus' },
      subjects: [{ kind: 'ServiceAccount', name: 'prometheus', namespace: 'eats' }],
    });
  });

  it('are left to others where the profile says so, and then Prometheus has no right in the cluster', () => {
    const without = manifestsOf(defineProfile('production', { nodes: { watched: false } }));
    expect(without.names('ClusterRole')).toEqual([]);
    expect(without.names('ClusterRoleBinding')).toEqual([]);
    expect(without.names('Secret')).not.toContain('prometheus-kubelets');
    expect(scrapesOf(without)).toBeUndefined();
  });
});
