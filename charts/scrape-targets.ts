import type { Platform } from '../workers/platform/platform.ts';
import { type ScrapeJob, scrapeJobsOf } from '../workers/platform/scrape-jobs.ts';
import type { Profile } from './profile.ts';
import { servicesOf } from './providers.ts';

/** A job whose targets are the pods of a workload; its Service has the name of the job. */
export interface ScrapeTarget extends ScrapeJob {
  /** Name of the port, of the pods and of their Service. */
  readonly portName: string;
}

const portNames: Readonly<Record<string, string>> = { 'redis-exporter': 'metrics', rabbitmq: 'prometheus' };

/** Everything in the namespace that is watched: Redis, RabbitMQ where it is in the cluster, and every service. */
export function scrapeTargetsOf(platform: Platform, profile: Profile): readonly ScrapeTarget[] {
  const present = Object.fromEntries(servicesOf(platform, profile));
  return scrapeJobsOf({ services: present }).flatMap((job) => {
    // Nodes are watched from a namespace of their own.
    if (job.name === 'node-exporter') return [];
    if (job.name === 'rabbitmq' && profile.outside.rabbitmq !== undefined) return [];
    return [{ ...job, portName: job.service === undefined ? (portNames[job.name] ?? 'metrics') : 'http' }];
  });
}
