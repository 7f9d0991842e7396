import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { platformLabels } from './labels.ts';
import type { Profile } from './profile.ts';

/** The namespace of everything, in which Kubernetes refuses any pod that is not `restricted`. */
export class NamespaceChart extends Chart {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, { labels: platformLabels, disableResourceNameHashes: true });
    const level = ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, 'restricted'],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]);
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: { name: profile.namespace, labels: Object.fromEntries(level) },
    });
  }
}
