import { Chart } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { platformLabels } from './labels.ts';
import type { Profile } from './profile.ts';

/** The namespaces that a profile has, the platform's own first. */
export function namespacesOf({ namespace, nodes }: Profile): readonly string[] {
  return [namespace, ...(nodes.watched ? [nodes.namespace] : [])];
}

/**
 * The namespace of everything, in which Kubernetes refuses any pod that is not `restricted`, and the one of what
 * watches the nodes, which must see more: there it refuses nothing, so the rules of the synthesis say what may be in it.
 */
export class NamespaceChart extends Chart {
  constructor(scope: Construct, id: string, profile: Profile) {
    super(scope, id, { labels: platformLabels, disableResourceNameHashes: true });
    this.addNamespace('namespace', profile.namespace, 'restricted');
    if (profile.nodes.watched) this.addNamespace('nodes', profile.nodes.namespace, 'privileged');
  }

  private addNamespace(id: string, name: string, level: 'restricted' | 'privileged'): void {
    const labels = ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, 'latest'],
    ]);
    new k8s.KubeNamespace(this, id, { metadata: { name, labels: Object.fromEntries(labels) } });
  }
}
