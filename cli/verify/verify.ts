import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../workers/platform/errors.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import type { ScrapeJob } from '../../workers/platform/scrape-jobs.ts';
import { type BrokerAccess, BrokerApi } from '../cluster/broker-api.ts';
import { checkBroker } from './check-broker.ts';
import { checkGrafana, type GrafanaAccess } from './check-grafana.ts';
import { checkPanels, checkWatching } from './check-prometheus.ts';
import { type Finding, gapsOf } from './finding.ts';
import { PrometheusApi } from './prometheus-api.ts';

/** A platform that runs, and how its parts are reached. */
export interface VerifiedPlatform {
  readonly platform: Platform;
  /** URL of Prometheus, or why there is none. */
  readonly prometheus: string | { readonly absent: string };
  readonly jobs: readonly ScrapeJob[];
  /** Absent where the broker is not the platform's own. */
  readonly broker?: BrokerAccess;
  /** Where a Grafana should run, or why it does not; absent where none should. */
  readonly grafana?: GrafanaAccess | { readonly absent: string };
  /**
   * How long what has just started or changed may take until it is seen, in milliseconds.
   * @default 45 000, for two scrapes and an evaluation
   */
  readonly patienceMs?: number;
}

/** Looks whether a running platform is what the declarations say. What cannot be asked is a gap. */
export async function verify(verified: VerifiedPlatform, signal?: AbortSignal): Promise<readonly Finding[]> {
  const { platform, prometheus, jobs, broker, grafana, patienceMs = 45_000 } = verified;
  const patience = { patienceMs, signal };
  const found = await Promise.all([
    attempt('targets', 'Prometheus', async () => {
      if (typeof prometheus !== 'string') {
        return [{ area: 'targets', name: 'Prometheus', found: 'not there', gap: prometheus.absent }];
      }
      const checks = { prometheus: new PrometheusApi(prometheus), platform, jobs };
      const watching = await settled(() => checkWatching(checks), patience);
      return [...watching, ...(await checkPanels(checks))];
    }),
    attempt('broker', 'RabbitMQ', async () => {
      if (broker === undefined) return [];
      const api = new BrokerApi(broker);
      // The management API learns some seconds later what a policy gives a queue.
      return settled(async () => checkBroker(platform, await api.topology()), patience);
    }),
    attempt('grafana', 'Grafana', async () => {
      if (grafana === undefined) return [];
      if ('absent' in grafana) {
        return [{ area: 'grafana', name: 'Grafana', found: 'not there', gap: grafana.absent }];
      }
      return checkGrafana(platform, grafana);
    }),
  ]);
  return found.flat();
}

/** Looks again for a while, until there is no gap. */
async function settled(
  check: () => Promise<readonly Finding[]>,
  { patienceMs, signal }: { readonly patienceMs: number; readonly signal: AbortSignal | undefined },
): Promise<readonly Finding[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const findings = await check();
    if (gapsOf(findings).length === 0 || Date.now() > deadline) return findings;
    await delay(500, undefined, signal && { signal });
  }
}

async function attempt(
  area: Finding['area'],
  name: string,
  check: () => Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    return await check();
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return [{ area, name, found: 'does not answer', gap: error.message }];
  }
}
