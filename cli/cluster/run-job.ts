import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { BatchV1Api, type V1CronJob, type V1Job } from '@kubernetes/client-node';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Cluster } from './connection.ts';
import { lastLinesOf } from './evidence.ts';
import { refusalStatus } from './failures.ts';
import { type PodTrouble, troubleOf } from './pod-trouble.ts';

export interface RunJobOptions {
  readonly namespace: string;
  /** Its template is what runs. */
  readonly cronJob: string;
  /** Added to what the template says. */
  readonly args: readonly string[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How often the Job is looked at, in milliseconds. */
const lookEveryMs = 500;

/**
 * Runs the Job of a CronJob once, now, and removes it afterwards.
 * @returns what its pod wrote
 * @throws PlatformError CLUSTER_SERVICE_UNAVAILABLE if there is no such CronJob; CLUSTER_JOB_FAILED with the last
 *   lines if it does not succeed in time
 */
export async function runJob(cluster: Cluster, options: RunJobOptions): Promise<string> {
  const { namespace } = options;
  const batch = cluster.config.makeApiClient(BatchV1Api);
  try {
    const cronJob = await batch.readNamespacedCronJob({ namespace, name: options.cronJob });
    const job = jobOf(cronJob, options.args);
    const name = job.metadata?.name ?? '';
    await batch.createNamespacedJob({ namespace, body: job });
    try {
      const pod = await finishedPod(cluster, batch, name, options);
      return await cluster.core.readNamespacedPodLog({ namespace, name: pod });
    } finally {
      await batch.deleteNamespacedJob({ namespace, name, propagationPolicy: 'Background' });
    }
  } catch (error) {
    if (refusalStatus(error) !== 404) throw cluster.failure(error);
    const message = `there is no CronJob ${options.cronJob} in ${namespace}: only profile kind has demo data`;
    throw new PlatformError('CLUSTER_SERVICE_UNAVAILABLE', message, { cause: error });
  }
}

/** A Job as `kubectl create job --from=cronjob/…` makes it, with further arguments. */
export function jobOf({ metadata, spec }: V1CronJob, args: readonly string[]): V1Job {
  const template = spec?.jobTemplate;
  const pod = template?.spec?.template;
  const name = `${metadata?.name}-${randomBytes(4).toString('hex')}`;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      ...(template?.metadata?.labels && { labels: template.metadata.labels }),
      annotations: { 'cronjob.kubernetes.io/instantiate': 'manual' },
    },
    spec: {
      ...template?.spec,
      template: {
        ...pod,
        spec: {
          ...pod?.spec,
          containers: (pod?.spec?.containers ?? []).map((container) => ({
            ...container,
            args: [...(container.args ?? []), ...args],
          })),
        },
      },
      // Whoever started it may be gone before it ends.
      ttlSecondsAfterFinished: 600,
    },
  };
}

async function finishedPod(
  cluster: Cluster,
  batch: BatchV1Api,
  name: string,
  { namespace, timeoutMs, signal }: RunJobOptions,
): Promise<string> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    const { status } = await batch.readNamespacedJob({ namespace, name });
    const labelSelector = `batch.kubernetes.io/job-name=${name}`;
    const { items } = await cluster.core.listNamespacedPod({ namespace, labelSelector });
    const done = items.find((pod) => pod.status?.phase === 'Succeeded')?.metadata?.name;
    if (done !== undefined) return done;
    const failed = status?.conditions?.some((each) => each.type === 'Failed' && each.status === 'True');
    if (failed || performance.now() > giveUpAt) {
      const [trouble] = items.flatMap((pod) => troubleOf(pod) ?? []);
      throw await jobFailure(cluster, namespace, name, trouble);
    }
    await delay(lookEveryMs, undefined, { signal });
  }
}

async function jobFailure(
  cluster: Cluster,
  namespace: string,
  name: string,
  trouble: PodTrouble | undefined,
): Promise<PlatformError> {
  if (trouble === undefined)
    return new PlatformError('CLUSTER_JOB_FAILED', `job/${name} did not end in time`);
  const lines = trouble.logs ? await lastLinesOf(cluster, namespace, trouble) : [];
  const said = lines.length > 0 ? `; its last lines:\n${lines.join('\n')}` : '';
  return new PlatformError('CLUSTER_JOB_FAILED', `job/${name}: ${trouble.reason}: ${trouble.message}${said}`);
}
