import { panelQueries } from '../../dashboards/queries.ts';
import { alertsOf } from '../../workers/platform/alerts.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import type { ScrapeJob } from '../../workers/platform/scrape-jobs.ts';
import { type Finding, gathered } from './finding.ts';
import type { PrometheusApi, Target } from './prometheus-api.ts';

export interface PrometheusChecks {
  readonly prometheus: PrometheusApi;
  readonly platform: Platform;
  /** What is to be watched here. */
  readonly jobs: readonly ScrapeJob[];
}

/**
 * Compares what Prometheus watches and evaluates with the declarations. A target that was not asked yet, and a rule that
 * was not evaluated, is a gap until it was.
 */
export async function checkWatching(checks: PrometheusChecks): Promise<readonly Finding[]> {
  return [...(await checkTargets(checks)), ...(await checkRules(checks))];
}

async function checkTargets({ prometheus, jobs }: PrometheusChecks): Promise<readonly Finding[]> {
  const targets = await prometheus.targets();
  return jobs.map(({ name, pages }) => {
    const own = targets.filter(({ labels }) => labels.job === name);
    const up = own.filter(({ health }) => health === 'up').length;
    const found = `${up}/${own.length} up`;
    const gap = gapOf(own, pages.length);
    return { area: 'targets', name, found, ...(gap !== undefined && { gap }) };
  });
}

function gapOf(targets: readonly Target[], pages: number): string | undefined {
  if (targets.length === 0) return 'Prometheus has no such target';
  if (targets.length < pages) return `Prometheus asks ${targets.length} of ${pages} pages`;
  const wrong = targets.find(({ health }) => health !== 'up');
  if (wrong === undefined) return undefined;
  return `${wrong.scrapeUrl} is ${wrong.health}${wrong.lastError && `: ${wrong.lastError}`}`;
}

async function checkRules({ prometheus, platform }: PrometheusChecks): Promise<readonly Finding[]> {
  const loaded = await prometheus.rules();
  const names = Object.keys(alertsOf(platform));
  const gaps = names.flatMap((name) => {
    const rule = loaded.find((each) => each.name === name);
    if (rule === undefined) return [`${name} is not loaded`];
    if (rule.health !== 'ok') return [`${name} is ${rule.health}${rule.lastError && `: ${rule.lastError}`}`];
    return [];
  });
  return [gathered('rules', 'alerts that are loaded and evaluated', names.length, gaps)];
}

/**
 * Asks Prometheus every query of every panel. That one has no data now, such as deliveries before the first one, is no
 * gap; that it cannot be asked is.
 */
export async function checkPanels({
  prometheus,
  platform,
}: Pick<PrometheusChecks, 'prometheus' | 'platform'>): Promise<readonly Finding[]> {
  const queries = panelQueries(platform);
  const answers = await Promise.all(
    queries.map(async (query) => ({ ...query, answer: await prometheus.evaluate(query.expression) })),
  );
  const dashboards = [...new Set(queries.map(({ dashboard }) => dashboard))];
  return dashboards.map((name) => {
    const own = answers.filter(({ dashboard }) => dashboard === name);
    const gaps = own.flatMap(({ panel, answer }) => ('error' in answer ? [`${panel}: ${answer.error}`] : []));
    const withData = own.filter(({ answer }) => 'values' in answer && answer.values > 0).length;
    const { found, ...finding } = gathered('panels', `queries of ${name}`, own.length, gaps);
    return { ...finding, found: `${found} answer, ${withData} have data now` };
  });
}
