import type { V1Pod } from '@kubernetes/client-node';
import { titleOf } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { lastLinesOf, warningsAbout } from '../cluster/evidence.ts';
import { type PodTrouble, troubleOf } from '../cluster/pod-trouble.ts';
import { podsOf, type Workload } from '../cluster/workloads.ts';

/** Why a workload did not come up, a line for each fact. */
export interface Diagnosis {
  /** As kubectl takes it. */
  readonly workload: string;
  /** Whether pods of an earlier revision do its work in the meantime. */
  readonly serving: boolean;
  /** Workloads with the same cause need only one explanation. */
  readonly cause: string;
  readonly lines: readonly string[];
}

/** Finds out why a workload is not ready: from its pods, or from why it has none. */
export async function diagnose(
  cluster: Cluster,
  workload: Workload,
  pods: readonly V1Pod[],
): Promise<Diagnosis> {
  const { namespace } = workload;
  const about = {
    workload: titleOf(workload),
    serving: workload.ready >= workload.wanted && workload.wanted > 0,
  };
  const troubles = podsOf(workload, pods).flatMap((pod) => troubleOf(pod) ?? []);
  const [first] = troubles;
  if (first === undefined) {
    const lines = await whyNoPods(cluster, workload);
    return { ...about, cause: lines.join(), lines };
  }
  const lines: string[] = [];
  for (const trouble of troubles) lines.push(...(await describeTrouble(cluster, namespace, trouble)));
  return { ...about, cause: first.cause, lines };
}

async function describeTrouble(
  cluster: Cluster,
  namespace: string,
  trouble: PodTrouble,
): Promise<readonly string[]> {
  const { pod, container, reason, message, logs } = trouble;
  const about = container === undefined || pod.startsWith(container) ? pod : `${pod}, container ${container}`;
  const warnings = await warningsAbout(cluster, namespace, pod);
  // What Kubernetes says about images is in the message already.
  const further = reason.includes('Image') ? [] : warnings.slice(-2);
  const lastLines = logs ? await lastLinesOf(cluster, namespace, trouble) : [];
  return [
    `pod ${about}: ${reason}: ${message}`,
    ...further.map((warning) => `  ${warning}`),
    ...(lastLines.length > 0 ? ['  its last lines:', ...lastLines.map((line) => `    ${line}`)] : []),
  ];
}

async function whyNoPods(
  cluster: Cluster,
  { namespace, name, failure }: Workload,
): Promise<readonly string[]> {
  if (failure !== undefined) return [`it cannot make pods: ${failure}`];
  const warnings = await warningsAbout(cluster, namespace, name);
  if (warnings.length > 0) return warnings.slice(-2).map((warning) => `it has no pods: ${warning}`);
  return ['its pods are being replaced'];
}
