import { panelQueries } from '../../../dashboards/queries.ts';
import { alertsOf } from '../../../workers/platform/alerts.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { pageName, scrapeJobsOf } from '../../../workers/platform/scrape-jobs.ts';
import { json, type StubApi, startStubApi } from '../players/stub-api.ts';

export interface StubTarget {
  readonly labels: { readonly job: string; readonly instance: string };
  readonly scrapeUrl: string;
  readonly health: string;
  readonly lastError?: string;
}

export interface StubRule {
  readonly name: string;
  readonly health: string;
  readonly lastError?: string;
}

/** What a stubbed Prometheus answers; a test changes it. */
export interface StubbedPrometheus {
  readonly api: StubApi;
  targets: readonly StubTarget[];
  rules: readonly StubRule[];
  /** What evaluating an expression leads to: a number of series, or an error. */
  evaluate: (expression: string) => number | string;
}

/** A target of each page of each job, all of them up. */
export const allTargets: readonly StubTarget[] = scrapeJobsOf(smartEats).flatMap(({ name, port, pages }) =>
  pages.map((page) => ({
    labels: { job: name, instance: `127.0.0.1:${port}` },
    scrapeUrl: `http://127.0.0.1:${port}/${pageName(page)}`,
    health: 'up',
  })),
);

/** Every declared alert, evaluated without an error. */
export const allRules: readonly StubRule[] = Object.keys(alertsOf(smartEats)).map((name) => ({
  name,
  health: 'ok',
}));

/** A Prometheus that says that all is well, until it is told otherwise. */
export async function startStubbedPrometheus(): Promise<StubbedPrometheus> {
  const answers: Pick<StubbedPrometheus, 'targets' | 'rules' | 'evaluate'> = {
    targets: allTargets,
    rules: allRules,
    evaluate: () => 1,
  };
  const api = await startStubApi(({ path }, response) => {
    const url = new URL(path, 'http://prometheus');
    if (url.pathname.endsWith('/targets')) json(response, 200, { data: { activeTargets: answers.targets } });
    else if (url.pathname.endsWith('/rules'))
      json(response, 200, { data: { groups: [{ rules: answers.rules }] } });
    else {
      const found = answers.evaluate(url.searchParams.get('query') ?? '');
      if (typeof found === 'string') json(response, 400, { status: 'error', error: found });
      else {
        const result = Array.from({ length: found }, () => ({ metric: {}, value: [0, '1'] }));
        json(response, 200, { status: 'success', data: { resultType: 'vector', result } });
      }
    }
  });
  return Object.assign(answers, { api });
}

/** The first query of a dashboard's panels. */
export function someQuery(dashboard: string): { readonly panel: string; readonly expression: string } {
  const query = panelQueries(smartEats).find((each) => each.dashboard === dashboard);
  if (query === undefined) throw new Error(`there is no dashboard ${dashboard}`);
  return query;
}
