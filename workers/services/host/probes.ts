import type { LivenessReport } from '../../telemetry/liveness.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { App } from './service-module.ts';

/** Whether a service can do its work now, and if not, what it waits for. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly dependencies: Readonly<Record<string, { readonly ready: boolean; readonly reason?: string }>>;
  /** The queues the service consumes, and those of them it is subscribed to now. */
  readonly queues: { readonly consumed: readonly string[]; readonly subscribed: readonly string[] };
  /** Set once the shutdown has begun. */
  readonly stopping: boolean;
}

/** The paths of the probes; no limit and no shutdown concerns them. */
export const probePaths: readonly string[] = ['/metrics', '/livez', '/readyz'];

/**
 * Adds the three paths that every service answers to whoever watches it: `/metrics` in Prometheus' text format,
 * `/livez` and `/readyz` with 200 or 503 and the reasons as JSON.
 */
export function addProbes(
  app: App,
  probes: {
    readonly metrics: Metrics;
    readonly liveness: () => LivenessReport;
    readonly readiness: () => ReadinessReport;
  },
): void {
  const hidden = { schema: { hide: true } };
  app.get('/metrics', hidden, async (_request, reply) => {
    const { contentType, body } = await probes.metrics.scrape();
    return reply.type(contentType).send(body);
  });
  app.get('/livez', hidden, async (_request, reply) => {
    const report = probes.liveness();
    return reply.code(report.live ? 200 : 503).send(report);
  });
  app.get('/readyz', hidden, async (_request, reply) => {
    const report = probes.readiness();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
}
