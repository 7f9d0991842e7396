import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { addServiceAccount } from './availability.ts';
import { demoPassword } from './credentials.ts';
import { workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { seedName } from './providers.ts';
import { containerSecurity, isolatedPod, platformIdentity, podSecurity } from './restricted.ts';
import { resourcesOf } from './size.ts';
import { variablesOfCommand } from './variables.ts';

/**
 * Adds demo restaurants and accounts whenever somebody asks for it: a CronJob that never runs by itself, so that
 * `kubectl create job --from=cronjob/seed seed-1` is all it takes.
 */
export function addSeed(scope: Construct, platform: Platform, profile: Profile): void {
  const metadata = { name: seedName, labels: workloadLabels(seedName, 'sandbox') };
  addServiceAccount(scope, seedName, 'sandbox');
  new k8s.KubeCronJob(scope, seedName, {
    metadata,
    spec: {
      suspend: true,
      // It has to have one.
      schedule: '0 0 1 1 *',
      startingDeadlineSeconds: 60,
      concurrencyPolicy: 'Allow',
      jobTemplate: {
        metadata: { labels: metadata.labels },
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: 300,
          template: {
            metadata: { labels: metadata.labels },
            spec: {
              ...isolatedPod,
              serviceAccountName: seedName,
              securityContext: podSecurity(platformIdentity),
              restartPolicy: 'Never',
              terminationGracePeriodSeconds: 5,
              containers: [container(platform, profile)],
            },
          },
        },
      },
    },
  });
}

function container(platform: Platform, profile: Profile): k8s.Container {
  const { secret, key } = demoPassword;
  return {
    name: seedName,
    image: profile.image,
    imagePullPolicy: 'IfNotPresent',
    args: ['seed', '--password', `$(${key})`],
    env: [
      ...variablesOfCommand(platform, profile, 'seed'),
      { name: key, valueFrom: { secretKeyRef: { name: secret, key } } },
    ],
    resources: resourcesOf(profile.services.size),
    securityContext: containerSecurity,
  };
}
