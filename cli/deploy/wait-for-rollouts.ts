import { setTimeout as delay } from 'node:timers/promises';
import type { V1Pod } from '@kubernetes/client-node';
import { groupOf, type ObjectId, titleOf } from '../cluster/cluster-object.ts';
import type { Cluster } from '../cluster/connection.ts';
import { isOperated, type Operated, readOperated } from '../cluster/operated.ts';
import { troubleOf } from '../cluster/pod-trouble.ts';
import { podsOf, readWorkloads, type Workload } from '../cluster/workloads.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { operatorOf } from './operators.ts';
import { stuckPods } from './stuck-pods.ts';

export interface RolloutOptions {
  /** The workloads to wait for, by their `rolloutKey`; others in the namespaces do not count. */
  readonly expected: ReadonlySet<string>;
  /**
   * Custom resources that an operator makes pods of. One that no operator looks at within `patienceMs` is told and waited
   * for no longer, as if the operator was not installed. @default none
   */
  readonly operated?: readonly ObjectId[];
  readonly timeoutMs: number;
  /** How long a workload may be in trouble that waiting alone seldom helps against, in milliseconds. @default 45 000 */
  readonly patienceMs?: number;
  readonly signal: AbortSignal;
  readonly onProgress?: (text: string) => void;
  readonly onNote?: (text: string) => void;
}

/** How often the cluster is asked, in milliseconds. */
const lookEveryMs = 1_000;

/**
 * Waits until every workload is as declared.
 * @returns why the others did not come up; empty if all did
 */
export async function waitForRollouts(
  cluster: Cluster,
  namespaces: readonly string[],
  options: RolloutOptions,
): Promise<readonly Diagnosis[]> {
  const giveUpAt = performance.now() + options.timeoutMs;
  const patienceMs = options.patienceMs ?? 45_000;
  const inTrouble = new Patience(patienceMs);
  const noticed = new Noticed(options.operated ?? [], patienceMs, options);
  for (;;) {
    options.signal.throwIfAborted();
    const { workloads, pods } = await readWorkloads(cluster, namespaces);
    const own = workloads.filter((each) => options.expected.has(rolloutKey(each)));
    const missing = options.expected.size - own.length;
    const expected = [...own, ...noticed.among(await readOperated(cluster, noticed.ids))];
    const open = expected.filter(({ done }) => !done);
    if (open.length === 0 && missing === 0) return [];
    options.onProgress?.(progressText(expected, pods));
    await releaseStuckPods(cluster, open, pods, options);
    const hopeless = open.every((each) => inTrouble.isOver(rolloutKey(each), hasLastingTrouble(each, pods)));
    if ((hopeless && missing === 0) || performance.now() > giveUpAt) {
      return Promise.all(open.map((each) => diagnose(cluster, each, pods)));
    }
    await delay(lookEveryMs, undefined, { signal: options.signal });
  }
}

/** What names a workload among those that are waited for. */
export function rolloutKey({ kind, namespace, name }: Omit<ObjectId, 'apiVersion'>): string {
  return `${kind}/${namespace}/${name}`;
}

/** How far everything is, in one line. */
export function progressText(workloads: readonly Workload[], pods: readonly V1Pod[]): string {
  const open = workloads.filter(({ done }) => !done);
  const waitingFor = open.map((workload) => {
    const [trouble] = podsOf(workload, pods).flatMap((pod) => troubleOf(pod) ?? []);
    const reason = trouble?.reason ?? (workload.failure === undefined ? undefined : 'FailedCreate');
    // The resources of one operator bear the same name.
    const name = isOperated(workload) ? titleOf(workload) : workload.name;
    return reason === undefined ? name : `${name} (${reason})`;
  });
  return `${workloads.length - open.length} of ${workloads.length} are up; waiting for ${waitingFor.join(', ')}`;
}

function hasLastingTrouble(workload: Workload, pods: readonly V1Pod[]): boolean {
  if (workload.failure !== undefined) return true;
  return podsOf(workload, pods).some((pod) => troubleOf(pod)?.lasting === true);
}

async function releaseStuckPods(
  cluster: Cluster,
  open: readonly Workload[],
  pods: readonly V1Pod[],
  { onNote }: RolloutOptions,
): Promise<void> {
  const stuck = open.flatMap((workload) =>
    stuckPods(workload, podsOf(workload, pods)).map((name) => ({ namespace: workload.namespace, name })),
  );
  for (const { namespace, name } of stuck) {
    onNote?.(
      `replacing pod/${name}: it is of an earlier revision and cannot start, and Kubernetes waits for it`,
    );
    await cluster.core.deleteNamespacedPod({ namespace, name }).catch((error: unknown) => {
      throw cluster.failure(error);
    });
  }
}

/** The custom resources that an operator looks at, or may still come to look at. */
class Noticed {
  ids: readonly ObjectId[];
  readonly #unnoticed: Patience;
  readonly #onNote: RolloutOptions['onNote'];

  constructor(ids: readonly ObjectId[], patienceMs: number, { onNote }: Pick<RolloutOptions, 'onNote'>) {
    this.ids = ids;
    this.#unnoticed = new Patience(patienceMs);
    this.#onNote = onNote;
  }

  /** Leaves out, and tells, those that no operator has looked at for too long. */
  among(operated: readonly Operated[]): readonly Operated[] {
    return operated.filter((each) => {
      if (!this.#unnoticed.isOver(rolloutKey(each), !each.noticed)) return true;
      const [ignored] = this.ids.filter((id) => rolloutKey({ namespace: '', ...id }) === rolloutKey(each));
      this.ids = this.ids.filter((id) => id !== ignored);
      const operator = operatorOf(groupOf(ignored?.apiVersion ?? ''));
      this.#onNote?.(
        `nobody acts on ${titleOf(each)}: ${operator} has its kinds installed, but does not run`,
      );
      return false;
    });
  }
}

/** Remembers since when something has been so without a break. */
class Patience {
  readonly #ms: number;
  readonly #since = new Map<string, number>();

  constructor(ms: number) {
    this.#ms = ms;
  }

  /** Whether it has been so for longer than patience lasts. */
  isOver(name: string, isSo: boolean): boolean {
    if (!isSo) {
      this.#since.delete(name);
      return false;
    }
    const since = this.#since.get(name) ?? performance.now();
    this.#since.set(name, since);
    return performance.now() - since > this.#ms;
  }
}
