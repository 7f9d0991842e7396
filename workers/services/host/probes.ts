import type { LivenessReport } from '../../telemetry/liveness.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { ReadinessReport } from './readiness.ts';
import type { App } from './service-module.ts';

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
    readonly readiness: () => Promise<ReadinessReport>;
  },
): void {
  app.get('/metrics', async (request, reply) => {
    const { contentType, body } = await probes.metrics.scrape(request.headers.accept);
    return reply.type(contentType).send(body);
  });
  app.get('/livez', async (_request, reply) => {
    const report = probes.liveness();
    return reply.code(report.live ? 200 : 503).send(report);
  });
  app.get('/readyz', async (_request, reply) => {
    const report = await probes.readiness();
    return reply.code(report.ready ? 200 : 503).send(report);
  });
}
