import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import { scrapeTimeoutSeconds } from '../../workers/platform/scrape-jobs.ts';
import { manifestsOf } from './manifests.ts';

const name = 'redis-exporter';
const kind = manifestsOf();

describe('the exporter of Redis', () => {
  it('reaches the Redis of the cluster, with the password from its Secret', () => {
    expect(kind.variable(name, 'REDIS_ADDR')?.value).toBe('redis://redis:6379');
    expect(kind.variable(name, 'REDIS_PASSWORD')?.valueFrom?.secretKeyRef).toEqual({
      name: 'redis',
      key: 'REDIS_PASSWORD',
    });
  });

  it('reaches a Redis outside by its URL alone', () => {
    const outside = manifestsOf(defineProfile('production', { outside: { redis: {} } }));
    expect(outside.variable(name, 'REDIS_ADDR')?.valueFrom?.secretKeyRef).toEqual({
      name: 'redis',
      key: 'REDIS_URL',
    });
    expect(outside.variable(name, 'REDIS_PASSWORD')).toBeUndefined();
  });

  it('gives up on a Redis that does not answer before Prometheus gives up on it', () => {
    const seconds = Number.parseFloat(kind.variable(name, 'REDIS_EXPORTER_CONNECTION_TIMEOUT')?.value ?? '');
    expect(seconds).toBeLessThan(scrapeTimeoutSeconds);
  });

  it('is neither unready nor restarted while Redis is down, since that is what it has to tell', () => {
    expect(kind.container(name)).toMatchObject({
      readinessProbe: { tcpSocket: { port: 'metrics' } },
      livenessProbe: { httpGet: { path: '/health', port: 'metrics' } },
    });
  });
});
