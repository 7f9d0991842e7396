import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
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
    expect(outside.container(name).env).toEqual([
      { name: 'REDIS_ADDR', valueFrom: { secretKeyRef: { name: 'redis', key: 'REDIS_URL' } } },
    ]);
  });

  it('is neither unready nor restarted while Redis is down, since that is what it has to tell', () => {
    expect(kind.container(name)).toMatchObject({
      readinessProbe: { tcpSocket: { port: 'metrics' } },
      livenessProbe: { httpGet: { path: '/health', port: 'metrics' } },
    });
  });
});
