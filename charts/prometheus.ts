import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import {
  Alertmanager,
  PrometheusRuleSpecGroupsRulesExpr as Expression,
  Prometheus,
  PrometheusRule,
  PrometheusSpecServiceDiscoveryRole,
} from '../imports/monitoring.ts';
import { alertingRules } from '../workers/platform/alerts.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { scrapeIntervalSeconds } from '../workers/platform/scrape-jobs.ts';
import { alertingSecret } from './alerting.ts';
import { spread } from './availability.ts';
import { kubeletScrapes } from './kubelets.ts';
import { platformLabels, workloadLabels } from './labels.ts';
import { alertmanagerSecret } from './monitoring.ts';
import { addServiceMonitors } from './monitors.ts';
import type { Profile, StoreProps } from './profile.ts';
import { nobodyIdentity, podSecurity } from './restricted.ts';
import { claimSpec, resourcesOf, type Size } from './size.ts';
import { SystemChart } from './system-chart.ts';

/**
 * The custom resources of prometheus-operator: Prometheus, Alertmanager, what they watch and when they tell.
 * The operator labels the pods it makes with the name of the resource as their instance, so the resources are named
 * after ours: the selectors of Services, budgets and network policies are then the same as everywhere.
 */
export class PrometheusChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    this.addPrometheus(profile);
    this.addAlertmanager(profile);
    addServiceMonitors(this, platform, profile);
    this.addRules(platform, profile);
  }

  private addPrometheus(profile: Profile): void {
    const { prometheus, namespace, monitorLabels } = profile;
    const found = { matchLabels: monitorLabels };
    new Prometheus(this, 'prometheus', {
      metadata: { name: instance, labels: workloadLabels('prometheus', 'monitoring') },
      spec: {
        ...operatedPod('prometheus', prometheus, profile),
        // Its token shows it where the pods are that it is to ask.
        automountServiceAccountToken: true,
        replicas: prometheus.replicas,
        retention: `${prometheus.retentionDays}d`,
        // Prometheus counts in powers of two; the rest of the volume is for what is not yet compacted.
        retentionSize: `${Math.floor(prometheus.storageGiB * 1024 * 0.75)}MB`,
        scrapeInterval: `${scrapeIntervalSeconds}s`,
        evaluationInterval: `${scrapeIntervalSeconds}s`,
        serviceDiscoveryRole: PrometheusSpecServiceDiscoveryRole.ENDPOINT_SLICE,
        serviceMonitorSelector: found,
        ruleSelector: found,
        ...(profile.nodes.watched && { additionalScrapeConfigs: kubeletScrapes }),
        alerting: {
          alertmanagers: [{ namespace, name: 'alertmanager', port: k8s.IntOrString.fromString(webPort) }],
        },
      },
    });
  }

  /** Its configuration is in the Secret that the operator looks for, and what must be kept in one that it mounts. */
  private addAlertmanager(profile: Profile): void {
    const { alertmanager } = profile;
    new Alertmanager(this, 'alertmanager', {
      metadata: { name: instance, labels: workloadLabels('alertmanager', 'monitoring') },
      spec: {
        ...operatedPod('alertmanager', alertmanager, profile),
        automountServiceAccountToken: false,
        replicas: alertmanager.replicas,
        configSecret: alertmanagerSecret,
        secrets: [alertingSecret.name],
      },
    });
  }

  private addRules(platform: Platform, profile: Profile): void {
    const rules = alertingRules(platform, { runbooks: profile.runbooks }).map((rule) => ({
      ...rule,
      expr: Expression.fromString(rule.expr),
    }));
    new PrometheusRule(this, 'rules', {
      metadata: { name: instance, labels: { ...platformLabels, ...profile.monitorLabels } },
      spec: { groups: [{ name: 'smarteats', rules }] },
    });
  }
}

const instance = platformLabels['app.kubernetes.io/instance'];
const webPort = 'web';

/** What the pods of both are like. The operator itself drops every capability and makes the root file system read-only. */
function operatedPod(name: string, { image, size, storageGiB }: Required<StoreProps>, profile: Profile) {
  return {
    image,
    // The operator goes by the version; it does not read tags.
    version: image.slice(image.lastIndexOf(':') + 1),
    portName: webPort,
    podMetadata: { labels: workloadLabels(name, 'monitoring') },
    serviceAccountName: name,
    enableServiceLinks: false,
    securityContext: podSecurity(nobodyIdentity),
    ...spread(name),
    resources: resourcesOf(size),
    // Merged with the containers of these names, which reload the configuration and have no limits of their own.
    containers: [{ name: 'config-reloader', resources: resourcesOf(reloaderSize) }],
    initContainers: [{ name: 'init-config-reloader', resources: resourcesOf(reloaderSize) }],
    storage: { volumeClaimTemplate: { spec: claimSpec(storageGiB, profile.storageClass) } },
  };
}

const reloaderSize: Size = {
  cpuMillis: { request: 10, limit: 50 },
  memoryMiB: { request: 32, limit: 64 },
  ephemeralMiB: { request: 8, limit: 32 },
};
