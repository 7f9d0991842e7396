import type { Platform } from '../workers/platform/platform.ts';
import { type ScrapeJob, scrapeJobsOf } from '../workers/platform/scrape-jobs.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';

/** A job whose targets are the pods of a workload; its Service has the name of the job. */
export interface ScrapeTarget extends ScrapeJob {
  /** Name of the port, of the pods and of their Service. */
  readonly portName: string;
  /** Where the workload is. */
  readonly namespace: string;
  /** Whether there is a pod on each node, whose figures are the node's. */
  readonly ofNodes: boolean;
}

const portNames: Readonly<Record<string, string>> = { 'redis-exporter': 'metrics', rabbitmq: 'prometheus' };

/** Everything that is watched in a cluster: every service, Redis, RabbitMQ where it is in the cluster, and the nodes. */
export function clusterScrapeJobsOf(platform: Platform, profile: Profile): readonly ScrapeJob[] {
  const { outside, nodes } = profile;
  const present = Object.fromEntries(servicesOf(platform, profile));
  return scrapeJobsOf({ services: present }).filter(({ name }) => {
    if (name === 'rabbitmq') return outside.rabbitmq === undefined;
    return nodes.watched || !['node-exporter', 'kubelet'].includes(name);
  });
}

/** What is found by a Service: all but the kubelets, which are no pods. */
export function scrapeTargetsOf(platform: Platform, profile: Profile): readonly ScrapeTarget[] {
  return clusterScrapeJobsOf(platform, profile)
    .filter(({ name }) => name !== 'kubelet')
    .map((job) => {
      const ofNodes = job.name === 'node-exporter';
      return {
        ...job,
        portName: job.service === undefined ? (portNames[job.name] ?? 'metrics') : 'http',
        namespace: ofNodes ? profile.nodes.namespace : profile.namespace,
        ofNodes,
      };
    });
}
