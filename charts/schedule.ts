import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Platform } from '../workers/platform/platform.ts';
import { addServiceAccount } from './availability.ts';
import { cronJobSchedule } from './cron-job-schedule.ts';
import { workloadLabels } from './labels.ts';
import type { Profile } from './profile.ts';
import { beatName } from './providers.ts';
import { containerSecurity, isolatedPod, platformIdentity, podSecurity } from './restricted.ts';
import { resourcesOf } from './size.ts';
import { SystemChart } from './system-chart.ts';
import { variablesOfCommand } from './variables.ts';

const labels = workloadLabels(beatName, 'schedule');

/**
 * How long a Job tries to publish its task, in seconds: the pods of all tries together. Each try waits a minute for
 * RabbitMQ, and the time between two grows to six minutes.
 */
const patienceSeconds = 3600;
const tries = 10;

/** What the command ends with for a call that can never succeed. */
const hopeless = 2;

/** One CronJob for each entry of the schedule; its pod publishes the task and ends. */
export class ScheduleChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    addServiceAccount(this, beatName, 'schedule');
    for (const [name, entry] of Object.entries(platform.schedule)) {
      new k8s.KubeCronJob(this, name, {
        metadata: { name, labels },
        spec: {
          ...cronJobSchedule(name, entry),
          timeZone: entry.timeZone,
          // Like Celery's beat, a run does not wait for the last one: it only publishes.
          concurrencyPolicy: 'Allow',
          successfulJobsHistoryLimit: 3,
          failedJobsHistoryLimit: 3,
          jobTemplate: { metadata: { labels }, spec: job(name, platform, profile) },
        },
      });
    }
  }
}

function job(entry: string, platform: Platform, profile: Profile): k8s.JobSpec {
  return {
    backoffLimit: tries,
    activeDeadlineSeconds: patienceSeconds,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        {
          action: 'FailJob',
          // Kubernetes 1.27 documents it as required even where the exit code decides.
          onPodConditions: [],
          onExitCodes: { containerName: beatName, operator: 'In', values: [hopeless] },
        },
      ],
    },
    template: {
      metadata: { labels },
      spec: {
        ...isolatedPod,
        serviceAccountName: beatName,
        securityContext: podSecurity(platformIdentity),
        // Each try is a pod of its own, perhaps on a healthier node, and those that failed keep their logs.
        restartPolicy: 'Never',
        // There is nothing to finish: what was not confirmed, the next pod publishes again as the same message.
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: beatName,
            image: profile.image,
            imagePullPolicy: 'IfNotPresent',
            args: ['enqueue', entry],
            env: variablesOfCommand(platform, profile, 'enqueue'),
            resources: resourcesOf(profile.services.size),
            securityContext: containerSecurity,
          },
        ],
      },
    },
  };
}
