import type { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { scrapeTimeoutSeconds } from '../workers/platform/scrape-jobs.ts';
import type { Profile } from './profile.ts';
import { providerOf, redisExporterPort } from './providers.ts';
import { redisExporterIdentity } from './restricted.ts';
import { addStatelessServer, httpProbe, tcpProbe } from './server.ts';
import { SystemChart } from './system-chart.ts';

/**
 * What Redis says of itself, as metrics. A pod of its own rather than one beside Redis: it watches a Redis outside of
 * the cluster as well, and neither can take the other down.
 */
export class RedisExporterChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    addStatelessServer(this, 'redis-exporter', {
      ...profile.redisExporter,
      component: 'monitoring',
      identity: redisExporterIdentity,
      port: { name: 'metrics', number: redisExporterPort },
      env: [
        ...addressOf(platform, profile),
        // Its own 15 s are longer than a scrape may take: a Redis that does not answer would be told by nobody.
        { name: 'REDIS_EXPORTER_CONNECTION_TIMEOUT', value: `${scrapeTimeoutSeconds / 2}s` },
      ],
      // Ready and alive do not depend on Redis: that it is down is what the exporter has to tell.
      probes: {
        readinessProbe: { ...tcpProbe('metrics'), periodSeconds: 5, timeoutSeconds: 2 },
        livenessProbe: {
          ...httpProbe('/health', 'metrics'),
          periodSeconds: 10,
          timeoutSeconds: 3,
          failureThreshold: 6,
        },
      },
    });
  }
}

function addressOf(platform: Platform, profile: Profile): k8s.EnvVar[] {
  const secret = (key: string) => ({ valueFrom: { secretKeyRef: { name: 'redis', key } } });
  const redis = providerOf(platform, profile, 'redis');
  if (!redis) return [{ name: 'REDIS_ADDR', ...secret('REDIS_URL') }];
  return [
    { name: 'REDIS_ADDR', value: `redis://${redis.workload}:${redis.port}` },
    { name: 'REDIS_PASSWORD', ...secret('REDIS_PASSWORD') },
  ];
}
