import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { platformLabels } from './labels.ts';
import type { Profile } from './profile.ts';

/** The objects of one system, in one file; every object has the name it is given, its namespace and labels. */
export class SystemChart extends Chart {
  constructor(scope: Construct, id: string, profile: Profile, namespace = profile.namespace) {
    super(scope, id, {
      namespace,
      labels: platformLabels,
      disableResourceNameHashes: true,
    });
  }
}
