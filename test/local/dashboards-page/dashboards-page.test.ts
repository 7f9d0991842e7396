import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { grafanaDashboards } from '../../../dashboards/dashboards.ts';
import { type DashboardsPage, serveDashboards } from '../../../local/dashboards-page/dashboards-page.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { json, type StubApi, startStubApi } from '../../cli/players/stub-api.ts';

let prometheus: StubApi;
let page: DashboardsPage;
let port: number;
beforeAll(async () => {
  prometheus = await startStubApi((_, response) => json(response, 200, { status: 'success' }));
  port = await getPort();
  page = await serveDashboards({ platform: smartEats, port, prometheus: prometheus.url });
});
afterAll(async () => {
  await page.close();
  prometheus.close();
});

const get = (path: string, init: RequestInit = {}) => fetch(`${page.url}${path}`, init);

/** The status of a request that names another host, as a page elsewhere makes a browser send it. */
const statusFor = (host: string) =>
  new Promise<number | undefined>((resolve, reject) => {
    request({ port, host: '127.0.0.1', path: '/', headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });

describe('the page of the dashboards', () => {
  it('is one page with its script and its style, and nothing from elsewhere', async () => {
    const response = await get('/');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    const text = await response.text();
    for (const [, path] of text.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect(path).not.toContain('//');
      expect((await get(`/${path}`)).status).toBe(200);
    }
  });

  it('has the very dashboards that Grafana gets', async () => {
    const names = await (await get('/dashboards.json')).json();
    const dashboards = grafanaDashboards(smartEats, `${page.url}/`);
    expect(names).toEqual(Object.keys(dashboards));
    for (const [name, dashboard] of Object.entries(dashboards))
      expect(await (await get(`/dashboards/${name}.json`)).json()).toEqual(
        JSON.parse(JSON.stringify(dashboard)),
      );
  });

  it('passes queries on to Prometheus, and nothing that would change it or tell more', async () => {
    expect((await get('/api/v1/query?query=up')).status).toBe(200);
    expect(prometheus.seen.map(({ path }) => path)).toEqual(['/api/v1/query?query=up']);
    expect((await get('/api/v1/admin/tsdb/delete_series')).status).toBe(404);
    expect((await get('/api/v1/status/config')).status).toBe(404);
    expect((await get('/api/v1/query', { method: 'POST' })).status).toBe(403);
    expect(prometheus.seen).toHaveLength(1);
  });

  it('shows the runbook of every alert, and no other file', async () => {
    expect(await (await get('/docs/runbooks/LowDisk.md')).text()).toContain('<h1>LowDisk</h1>');
    expect((await get('/docs/runbooks/../decisions.md')).status).toBe(404);
    expect((await get('/package.json')).status).toBe(404);
  });

  it('answers this machine alone, whatever name a browser was told', async () => {
    expect(await statusFor(`localhost:${port}`)).toBe(200);
    expect(await statusFor('rebound.example')).toBe(403);
  });

  it('says so while Prometheus is away', async () => {
    const nobody = await serveDashboards({
      platform: smartEats,
      port: await getPort(),
      prometheus: `http://127.0.0.1:${await getPort()}`,
    });
    const response = await fetch(`${nobody.url}/api/v1/query?query=up`);
    expect([response.status, await response.text()]).toEqual([
      502,
      expect.stringContaining('Prometheus does not answer'),
    ]);
    await nobody.close();
  });
});
