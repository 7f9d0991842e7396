import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { NetworkPolicySpec, PodTemplate } from '../../charts/validation/manifest.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { extendedPlatform } from './extended-platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

interface CronJobSpec {
  readonly schedule: string;
  readonly timeZone: string;
  readonly startingDeadlineSeconds: number;
  readonly concurrencyPolicy: string;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
  readonly jobTemplate: { readonly spec: JobSpec };
}

interface JobSpec {
  readonly backoffLimit: number;
  readonly activeDeadlineSeconds: number;
  readonly ttlSecondsAfterFinished?: number;
  readonly podFailurePolicy: { readonly rules: readonly unknown[] };
  readonly template: PodTemplate & { readonly spec: { readonly restartPolicy: string } };
}

const kind = manifestsOf();

function cronJob(name: string, manifests: Manifests = kind): CronJobSpec {
  return manifests.spec<CronJobSpec>('CronJob', name);
}

/** The CronJobs that run by themselves: not the one that only waits to be asked. */
const scheduled = kind.names('CronJob').filter((name) => name !== 'seed');

function container(name: string, manifests: Manifests = kind) {
  const [only, ...rest] = cronJob(name, manifests).jobTemplate.spec.template.spec.containers;
  expect(rest).toEqual([]);
  return only;
}

describe('the CronJobs of the schedule', () => {
  it('are one for each entry, at its time in its time zone', () => {
    expect(scheduled).toEqual(Object.keys(smartEats.schedule));
    const times = scheduled.map((name) => {
      const { schedule, timeZone } = cronJob(name);
      return [name, schedule, timeZone];
    });
    expect(times).toEqual([
      ['cleanup-expired-carts', '0 2 * * *', 'Etc/UTC'],
      ['calculate-daily-analytics', '30 0 * * *', 'Etc/UTC'],
      ['send-inactive-user-reminders', '0 10 * * 1', 'Etc/UTC'],
    ]);
  });

  it('publish the task of their entry with our own image', () => {
    const { image } = defineProfile('kind');
    expect(container('cleanup-expired-carts')).toMatchObject({
      image,
      args: ['enqueue', 'cleanup-expired-carts'],
    });
  });

  it('tell the pod the name of its Job, and how to reach RabbitMQ and Redis, and no more', () => {
    const env = container('cleanup-expired-carts')?.env ?? [];
    expect(env.map(({ name }) => name)).toEqual([
      'REDIS_HOST',
      'REDIS_PORT',
      'REDIS_PASSWORD',
      'RABBITMQ_HOST',
      'RABBITMQ_PORT',
      'RABBITMQ_USER',
      'RABBITMQ_PASS',
      'JOB_NAME',
    ]);
    expect(env.at(-1)).toEqual({
      name: 'JOB_NAME',
      valueFrom: { fieldRef: { fieldPath: "metadata.labels['batch.kubernetes.io/job-name']" } },
    });
  });

  it('reach a RabbitMQ outside by the URL in its Secret', () => {
    const outside = manifestsOf(defineProfile('production', { outside: { rabbitmq: {} } }));
    const env = container('cleanup-expired-carts', outside)?.env ?? [];
    const names = env.map(({ name }) => name).filter((name) => !name.startsWith('REDIS_'));
    expect(names).toEqual(['RABBITMQ_URL', 'JOB_NAME']);
  });

  it('take the plain settings of the profile', () => {
    const profile = defineProfile('kind', { environment: { LOG_LEVEL: 'debug' } });
    const env = container('cleanup-expired-carts', manifestsOf(profile))?.env;
    expect(env).toContainEqual({ name: 'LOG_LEVEL', value: 'debug' });
  });

  it('make up for a missed run, run beside each other, and leave some of their Jobs to look at', () => {
    for (const name of scheduled) {
      const spec = cronJob(name);
      expect(spec.startingDeadlineSeconds).toBeGreaterThanOrEqual(60);
      expect(spec).toMatchObject({
        concurrencyPolicy: 'Allow',
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
      });
      // The history limits are what removes Jobs; a time to live would remove failures before anybody looks.
      expect(spec.jobTemplate.spec).not.toHaveProperty('ttlSecondsAfterFinished');
    }
  });

  it('try for an hour with a pod for each try, but not again what can never succeed', () => {
    const { spec } = cronJob('cleanup-expired-carts').jobTemplate;
    expect(spec).toMatchObject({ backoffLimit: 10, activeDeadlineSeconds: 3600 });
    expect(spec.template.spec.restartPolicy).toBe('Never');
    expect(spec.podFailurePolicy.rules).toEqual([
      { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      {
        action: 'FailJob',
        onPodConditions: [],
        onExitCodes: { containerName: 'beat', operator: 'In', values: [2] },
      },
    ]);
  });

  it('have pods that may connect to RabbitMQ and Redis alone', () => {
    const { labels } = cronJob('cleanup-expired-carts').jobTemplate.spec.template.metadata ?? {};
    const policy = kind.spec<NetworkPolicySpec>('NetworkPolicy', 'beat');
    expect(labels).toMatchObject(policy.podSelector.matchLabels ?? { none: true });
    expect(policy.policyTypes).toEqual(['Egress']);
    const [broker, redis, names, ...rest] = policy.egress ?? [];
    const podsOf = (name: string) => [
      { podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/name': name }) } },
    ];
    expect(broker).toEqual({ to: podsOf('rabbitmq'), ports: [{ protocol: 'TCP', port: 5672 }] });
    expect(redis).toEqual({ to: podsOf('redis'), ports: [{ protocol: 'TCP', port: 6379 }] });
    expect(names?.ports?.every(({ port }) => port === 53)).toBe(true);
    expect(rest).toEqual([]);
  });
});

describe('a schedule entry and a task queue that were only declared', () => {
  const extended = manifestsOf(defineProfile('kind'), extendedPlatform);

  it('have a CronJob and a queue of the broker', () => {
    expect(cronJob('weekly-report', extended)).toMatchObject({
      schedule: '0 6 * * 1',
      timeZone: 'Europe/Berlin',
    });
    expect(container('weekly-report', extended)?.args).toEqual(['enqueue', 'weekly-report']);
    const { data } = extended.get('ConfigMap', 'rabbitmq');
    expect(data?.['topology.json']).toContain('"reports.dead"');
  });
});

describe('a synthesis', () => {
  it('without any entry has no file for the schedule, and no connection for it', () => {
    const none = manifestsOf(defineProfile('kind'), { ...smartEats, schedule: {} });
    expect([...none.files.keys()].filter((name) => name.includes('schedule'))).toEqual([]);
    expect(none.names('NetworkPolicy')).not.toContain('beat');
  });

  it.each([
    [{ everySeconds: 30 }, 'an interval counts from the last run'],
    [{ day_of_week: 'mon', day_of_month: 1 }, 'day_of_month and day_of_week are both restricted'],
  ])('fails for the schedule %j, naming the entry', (schedule, problem) => {
    const entry = { ...smartEats.schedule['cleanup-expired-carts'], schedule };
    const platform = { ...smartEats, schedule: { 'cleanup-often': entry } };
    expect(() => manifestsOf(defineProfile('kind'), platform)).toThrow(
      expect.objectContaining({
        code: 'PLATFORM_DECLARATION_INVALID',
        message: expect.stringContaining(`schedule cleanup-often: ${problem}`),
      }),
    );
  });
});
