import { describe, expect, it } from '@jest/globals';
import { monitoringPolicies } from '../../../charts/validation/policies/monitoring.ts';
import { at, Cluster, describeRules, order } from './cluster.ts';

const monitorOf = (c: Cluster) => c.object('ServiceMonitor', order);
const prometheusOf = (c: Cluster) => at(c.object('Prometheus', 'smarteats'), 'spec');

describeRules('What watches the platform', monitoringPolicies, {
  monitors: [
    [
      `ServiceMonitor/${order}: it selects no Service`,
      (c) => Object.assign(at(monitorOf(c), 'spec.selector.matchLabels'), { tier: 'back' }),
    ],
    [`ServiceMonitor/${order}: it selects no Service`, (c) => c.remove('Service', order)],
    [
      `ServiceMonitor/${order}: metrics is no port of the Services it selects`,
      (c) => Object.assign(at(monitorOf(c), 'spec.endpoints.0'), { port: 'metrics' }),
    ],
    [
      `ServiceMonitor/${order}: a port without a name is no port of the Services it selects`,
      (c) => delete at(monitorOf(c), 'spec.endpoints.0')['port'],
    ],
    [
      `ServiceMonitor/${order}: no Prometheus selects it`,
      (c) => Object.assign(at(monitorOf(c), 'metadata.labels'), { prometheus: 'of-others' }),
    ],
    [
      'ServiceMonitor/rabbitmq: no Prometheus selects it',
      (c) => delete prometheusOf(c)['serviceMonitorSelector'],
    ],
    [
      'ServiceMonitor/node-exporter: it selects no Service',
      (c) => delete at(c.object('ServiceMonitor', 'node-exporter'), 'spec')['namespaceSelector'],
    ],
    [
      'Prometheus/smarteats: Secret prometheus-kubelets has no kubelets.yaml',
      (c) => c.remove('Secret', 'prometheus-kubelets'),
    ],
    ['PrometheusRule/smarteats: no Prometheus selects it', (c) => delete prometheusOf(c)['ruleSelector']],
  ],
});

describe('The pods that prometheus-operator makes', () => {
  const findingsAfter = (breakIt: (spec: ReturnType<typeof prometheusOf>, cluster: Cluster) => void) => {
    const cluster = new Cluster();
    breakIt(prometheusOf(cluster), cluster);
    return cluster.findings();
  };

  it('are held to the rules of every pod', () => {
    const object = 'Prometheus/smarteats';
    expect(
      findingsAfter((spec) => Object.assign(at(spec, 'securityContext'), { runAsUser: 1000 })),
    ).toContain(`identity: ${object}: container prometheus: runs as 1000:65534`);
    expect(findingsAfter((spec) => delete at(spec, 'securityContext')['seccompProfile'])).toContain(
      `restricted: ${object}: container prometheus: seccompProfile is not set`,
    );
    expect(findingsAfter((spec) => Object.assign(spec, { image: 'prometheus:latest' }))).toContain(
      `pinned-images: ${object}: container prometheus: image prometheus:latest has no fixed tag`,
    );
    expect(findingsAfter((spec) => delete at(spec, 'resources.limits')['memory'])).toContain(
      `resources: ${object}: container prometheus: no memory in resources.limits`,
    );
  });

  it('have limits in the containers that the operator adds, too', () => {
    expect(findingsAfter((spec) => delete spec['containers'])).toContain(
      'resources: Prometheus/smarteats: container config-reloader: no cpu in resources.requests',
    );
    expect(findingsAfter((spec) => delete spec['initContainers'])).toContain(
      'resources: Prometheus/smarteats: container init-config-reloader: no cpu in resources.requests',
    );
  });

  it('have a token only as long as a binding names their account', () => {
    const finding = 'kubernetes-access: Prometheus/smarteats: automountServiceAccountToken is not false';
    const unbind = (cluster: Cluster) => {
      // In the namespace of the platform, and in that of the node exporter.
      cluster.remove('RoleBinding', 'prometheus');
      cluster.remove('RoleBinding', 'prometheus');
    };
    expect(findingsAfter((_, cluster) => unbind(cluster))).not.toContain(finding);
    const unbound = findingsAfter((_, cluster) => {
      unbind(cluster);
      cluster.remove('ClusterRoleBinding', 'smarteats-prometheus');
    });
    expect(unbound).toContain(finding);
  });

  it('are found by their Service, budget and network policy only under the name of the platform', () => {
    const findings = findingsAfter((_, cluster) =>
      Object.assign(at(cluster.object('Prometheus', 'smarteats'), 'metadata'), { name: 'main' }),
    );
    expect(findings).toEqual(
      expect.arrayContaining([
        'services: Service/prometheus: it selects no pod',
        'disruption-budgets: Prometheus/main: no PodDisruptionBudget selects its pods',
        'network-selectors: NetworkPolicy/prometheus: it selects no pod',
      ]),
    );
  });
});
