import type { Profile } from '../../charts/profile.ts';
import { grafanaPort, prometheusPort } from '../../charts/providers.ts';
import { clusterScrapeJobsOf } from '../../charts/scrape-targets.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { withBroker } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { withForward } from '../cluster/forward.ts';
import type { ServicePort } from '../cluster/service-pods.ts';
import type { GrafanaAccess } from './check-grafana.ts';
import type { VerifiedPlatform } from './verify.ts';

/**
 * A rule or a target that was just deployed comes to Prometheus in a ConfigMap or a Secret, which the kubelet shows to a
 * running pod within its sync period of a minute and a little more (Kubernetes documentation, "ConfigMaps").
 */
const patienceMs = 120_000;

/** Opens everything that is to be looked at on a cluster, for as long as `use` takes. */
export async function withClusterPlatform<T>(
  cluster: Cluster,
  platform: Platform,
  profile: Profile,
  use: (verified: VerifiedPlatform) => Promise<T>,
): Promise<T> {
  const { namespace, outside } = profile;
  const jobs = clusterScrapeJobsOf(platform, profile);
  const reach = <R>(service: string, port: number, then: (url: Reached) => Promise<R>) =>
    reachService(cluster, { namespace, service, port }, then);
  return reach('prometheus', prometheusPort, (prometheus) =>
    reach('grafana', grafanaPort, async (url) => {
      const grafana = typeof url === 'string' ? await grafanaAccess(cluster, namespace, url) : url;
      const seen = { platform, jobs, prometheus, grafana, patienceMs };
      if (outside.rabbitmq !== undefined) return use(seen);
      return withBroker(cluster, namespace, (_, broker) => use({ ...seen, broker }));
    }),
  );
}

type Reached = string | { readonly absent: string };

/** Leads to a Service; one that is not there, or not ready, is told to `then` rather than ending it all. */
async function reachService<R>(
  cluster: Cluster,
  target: ServicePort,
  then: (reached: Reached) => Promise<R>,
): Promise<R> {
  let reached = false;
  try {
    return await withForward(cluster, target, ({ url }) => {
      reached = true;
      return then(url);
    });
  } catch (error) {
    const absent = error instanceof PlatformError && error.code === 'CLUSTER_SERVICE_UNAVAILABLE';
    if (reached || !absent) throw error;
    return then({ absent: error.message });
  }
}

async function grafanaAccess(cluster: Cluster, namespace: string, url: string): Promise<GrafanaAccess> {
  const { data } = await cluster.core.readNamespacedSecret({ namespace, name: 'grafana' });
  const password = Buffer.from(data?.['GF_SECURITY_ADMIN_PASSWORD'] ?? '', 'base64').toString('utf8');
  return { url, user: 'admin', password };
}
