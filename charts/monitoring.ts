import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { alertmanagerFile } from './alerting.ts';
import { addDisruptionBudget, addServiceAccount } from './availability.ts';
import { addDiscovery } from './discovery.ts';
import { selectorLabels, workloadLabels } from './labels.ts';
import { podsOfOperator } from './lint-exceptions.ts';
import type { Profile } from './profile.ts';
import { alertmanagerPorts, prometheusPort } from './providers.ts';
import { SystemChart } from './system-chart.ts';

/** The Secret with Alertmanager's configuration: the operator reads it from nowhere else. */
export const alertmanagerSecret = 'alertmanager-smarteats';

/** The systems whose pods prometheus-operator makes, and where they are asked. */
export const operatedSystems = { prometheus: prometheusPort, alertmanager: alertmanagerPorts.web } as const;

/**
 * What the pods of Prometheus and Alertmanager need beside the custom resources that they are made of: accounts,
 * Services, disruption budgets, and whom Alertmanager tells. None of it needs the operator, so that it can be applied before there is one.
 */
export class MonitoringChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    for (const [name, port] of Object.entries(operatedSystems)) this.addSystem(name, port);
    addDiscovery(this, profile);
    new k8s.KubeSecret(this, 'alertmanager-configuration', {
      metadata: { name: alertmanagerSecret, labels: workloadLabels('alertmanager', 'monitoring') },
      type: 'Opaque',
      stringData: { 'alertmanager.yaml': alertmanagerFile(platform, profile) },
    });
  }

  private addSystem(name: string, port: number): void {
    addServiceAccount(this, name, 'monitoring');
    addDisruptionBudget(this, name, 'monitoring');
    new k8s.KubeService(this, `${name}-service`, {
      metadata: { name, labels: workloadLabels(name, 'monitoring'), annotations: podsOfOperator },
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(name),
        // Each pod has samples of its own: whoever asks twice should not see time jump.
        sessionAffinity: 'ClientIP',
        ports: [{ name: 'web', port, targetPort: k8s.IntOrString.fromString('web'), appProtocol: 'http' }],
      },
    });
  }
}
