import type { Platform } from '../workers/platform/platform.ts';
import { type Flow, outsideEnd } from './flow.ts';
import { selectorLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { alertmanagerPorts, prometheusPort, providerOf } from './providers.ts';
import { scrapeTargetsOf } from './scrape-targets.ts';

/** What the systems that watch the platform connect to. */
export function monitoringFlows(platform: Platform, profile: Profile): readonly Flow[] {
  const prometheus = { workload: 'prometheus' };
  const alertmanager = { workload: 'alertmanager' };
  const scrapes = scrapeTargetsOf(platform, profile).map(
    ({ name, namespace, port }): Flow => ({
      from: prometheus,
      to: namespace === profile.namespace ? { workload: name } : { namespace, labels: selectorLabels(name) },
      ports: [port],
    }),
  );
  const { cidrs, ports } = profile.kubernetesApi;
  const { watched, kubelets } = profile.nodes;
  return [
    ...scrapes,
    // Where the pods are that it is to ask, Prometheus hears from the API server.
    { from: prometheus, to: { cidrs }, ports },
    // Kubelets are no pods that a policy could select: they are where the nodes are.
    ...(watched ? [{ from: prometheus, to: { cidrs: kubelets.cidrs }, ports: kubelets.ports }] : []),
    { from: prometheus, to: alertmanager, ports: [alertmanagerPorts.web] },
    { from: { workload: 'grafana' }, to: prometheus, ports: [prometheusPort] },
    exporterFlow(platform, profile),
    ...alertFlows(platform, profile),
    ...(profile.alertmanager.replicas > 1
      ? [
          {
            from: alertmanager,
            to: alertmanager,
            ports: [alertmanagerPorts.mesh],
            protocols: ['TCP', 'UDP'] as const,
          },
        ]
      : []),
  ];
}

/** Alerts leave by mail, and by Slack's webhooks or their stand-in. */
function alertFlows(platform: Platform, profile: Profile): readonly Flow[] {
  const from = { workload: 'alertmanager' };
  const mail = providerOf(platform, profile, 'mail');
  const chat = providerOf(platform, profile, 'sms');
  const { cidrs, ports } = profile.alerting.slack;
  return [
    mail
      ? { from, to: { workload: mail.workload }, ports: [mail.port] }
      : { from, ...outsideEnd(profile, 'mail') },
    chat ? { from, to: { workload: chat.workload }, ports: [chat.port] } : { from, to: { cidrs }, ports },
  ];
}

function exporterFlow(platform: Platform, profile: Profile): Flow {
  const from = { workload: 'redis-exporter' };
  const redis = providerOf(platform, profile, 'redis');
  if (!redis) return { from, ...outsideEnd(profile, 'redis') };
  return { from, to: { workload: redis.workload }, ports: [redis.port] };
}
