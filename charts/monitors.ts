import type { Construct } from 'constructs';
import {
  ServiceMonitor,
  type ServiceMonitorSpecEndpointsRelabelings,
  ServiceMonitorSpecEndpointsRelabelingsAction,
} from '../imports/monitoring.ts';
import type { Platform } from '../workers/platform/platform.ts';
import {
  type MetricsPage,
  pageName,
  scrapeIntervalSeconds,
  scrapeTimeoutSeconds,
} from '../workers/platform/scrape-jobs.ts';
import { platformLabels, selectorLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { type ScrapeTarget, scrapeTargetsOf } from './scrape-targets.ts';

/** Adds a ServiceMonitor for everything that is watched; Prometheus names the job after the Service. */
export function addServiceMonitors(scope: Construct, platform: Platform, profile: Profile): void {
  for (const target of scrapeTargetsOf(platform, profile)) {
    new ServiceMonitor(scope, `${target.name}-monitor`, {
      metadata: { name: target.name, labels: { ...platformLabels, ...profile.monitorLabels } },
      spec: {
        selector: { matchLabels: selectorLabels(target.name) },
        ...(target.namespace !== profile.namespace && {
          namespaceSelector: { matchNames: [target.namespace] },
        }),
        endpoints: target.pages.map((page, index) => endpoint(target, page, index)),
      },
    });
  }
}

function endpoint({ portName, ofNodes }: ScrapeTarget, page: MetricsPage, index: number) {
  const { path, params } = page;
  return {
    port: portName,
    path,
    interval: `${scrapeIntervalSeconds}s`,
    scrapeTimeout: `${scrapeTimeoutSeconds}s`,
    // Our services name themselves in a label that Prometheus would rename if it added its own, which is the same.
    honorLabels: true,
    ...(params && {
      params: Object.fromEntries(Object.entries(params).map(([name, values]) => [name, [...values]])),
    }),
    ...relabelings([
      // Two pages of one port are two targets; without a label that differs, their `up` would be one series.
      ...(index > 0 ? [{ targetLabel: 'endpoint', replacement: pageName(page) }] : []),
      // Whoever reads of a full disk knows nodes, and not the address of a pod on one.
      ...(ofNodes ? [{ targetLabel: 'instance', sourceLabels: ['__meta_kubernetes_pod_node_name'] }] : []),
    ]),
  };
}

/** Sets labels of a target. */
function relabelings(set: readonly Omit<ServiceMonitorSpecEndpointsRelabelings, 'action'>[]) {
  const action = ServiceMonitorSpecEndpointsRelabelingsAction.REPLACE;
  return set.length > 0 && { relabelings: set.map((each) => ({ action, ...each })) };
}
