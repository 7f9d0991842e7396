import { describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileProps } from '../../charts/profile.ts';
import { clusterScrapeJobsOf } from '../../charts/scrape-targets.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { machineScrapeJobsOf, scrapeJobsOf } from '../../workers/platform/scrape-jobs.ts';

const names = (jobs: readonly { readonly name: string }[]) => jobs.map(({ name }) => name);

describe('what is watched', () => {
  const all = names(scrapeJobsOf(smartEats));

  it('is every service, Redis, RabbitMQ, the nodes and their kubelets', () => {
    expect(all).toEqual([
      ...Object.keys(smartEats.services),
      'redis-exporter',
      'rabbitmq',
      'node-exporter',
      'kubelet',
    ]);
  });

  it('is no kubelet on one machine, which has none', () => {
    expect(names(machineScrapeJobsOf(smartEats))).toEqual(all.filter((name) => name !== 'kubelet'));
  });

  it.each<[string, ProfileProps, readonly string[]]>([
    ['everything', {}, []],
    ['no RabbitMQ that is outside', { outside: { rabbitmq: {} } }, ['rabbitmq']],
    ['no node that others watch', { nodes: { watched: false } }, ['node-exporter', 'kubelet']],
  ])('is on a cluster %s', (_, props, missing) => {
    const watched = names(clusterScrapeJobsOf(smartEats, defineProfile('kind', props)));
    // The beat of a local stack is no part of a cluster.
    expect(all.filter((name) => !watched.includes(name))).toEqual(['beat', ...missing]);
  });
});
