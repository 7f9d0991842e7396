import { afterEach, describe, expect, it } from '@jest/globals';
import { checkGrafana } from '../../../cli/verify/check-grafana.ts';
import { gapsOf } from '../../../cli/verify/finding.ts';
import { grafanaDashboards } from '../../../dashboards/dashboards.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { json, type StubApi, startStubApi } from '../players/stub-api.ts';

const provisioned = new Map<string, { readonly panels?: readonly object[] }>(
  Object.values(grafanaDashboards(smartEats, '')).map((dashboard) => [dashboard.uid ?? '', dashboard]),
);

let grafana: StubApi;
afterEach(() => grafana.close());

/** Looks at a Grafana with these dashboards, whose data source answers like this. */
async function gaps(
  dashboards: ReadonlyMap<string, object>,
  health: object = { status: 'OK', message: 'fine' },
): Promise<readonly string[]> {
  grafana = await startStubApi(({ path }, response) => {
    if (path.includes('/datasources/')) return json(response, 200, health);
    const found = dashboards.get(path.split('/').at(-1) ?? '');
    return found === undefined ? json(response, 404, {}) : json(response, 200, { dashboard: found });
  });
  return gapsOf(await checkGrafana(smartEats, { url: grafana.url, user: 'admin', password: 'pw' }));
}

describe('a Grafana', () => {
  it('with every dashboard and a data source that answers has no gap', async () => {
    expect(await gaps(provisioned)).toEqual([]);
    expect(grafana.seen[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('admin:pw').toString('base64')}`,
    );
  });

  it('without a dashboard has a gap', async () => {
    const others = new Map(provisioned);
    others.delete('smarteats-delivery');
    expect(await gaps(others)).toEqual(['grafana: dashboards: Delivery is missing']);
  });

  it('whose dashboard lost a panel has a gap', async () => {
    const delivery = provisioned.get('smarteats-delivery');
    const panels = delivery?.panels ?? [];
    const fewer = new Map(provisioned).set('smarteats-delivery', { ...delivery, panels: panels.slice(1) });
    expect(await gaps(fewer)).toEqual([
      `grafana: dashboards: Delivery has ${panels.length - 1} panels instead of ${panels.length}`,
    ]);
  });

  it('that does not reach Prometheus has a gap', async () => {
    expect(await gaps(provisioned, { status: 'ERROR', message: 'no such host' })).toEqual([
      'grafana: data source: no such host',
    ]);
  });

  it('that knows no such data source has a gap', async () => {
    expect(await gaps(provisioned, { message: 'not found' })).toEqual([
      'grafana: data source: Grafana answers 200',
    ]);
  });
});
