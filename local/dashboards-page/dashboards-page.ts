import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { grafanaDashboards } from '../../dashboards/dashboards.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { type Assets, buildAssets } from './assets.ts';
import { runbookPage } from './runbook-page.ts';

export interface DashboardsPageOptions {
  readonly platform: Platform;
  /** A free port of the loopback interface. */
  readonly port: number;
  /** URL of Prometheus. */
  readonly prometheus: string;
}

/** The page that shows the dashboards where no Grafana runs. */
export interface DashboardsPage {
  readonly url: string;
  close(): Promise<void>;
}

/** What the page may ask Prometheus: it reads, and cannot change anything. */
const asked = /^\/api\/v1\/(query|query_range|label\/job\/values)$/;

const types: Readonly<Record<string, string>> = {
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
};

/** Serves the page on the loopback interface: the dashboards that Grafana gets, their runbooks, and Prometheus' answers. */
export async function serveDashboards(options: DashboardsPageOptions): Promise<DashboardsPage> {
  const { platform, port } = options;
  const url = `http://127.0.0.1:${port}`;
  const dashboards = grafanaDashboards(platform, `${url}/`);
  const texts: Assets = {
    ...(await buildAssets()),
    '/dashboards.json': JSON.stringify(Object.keys(dashboards)),
    ...Object.fromEntries(
      Object.entries(dashboards).map(([name, model]) => [`/dashboards/${name}.json`, JSON.stringify(model)]),
    ),
  };
  const server = createServer((request, response) => {
    answer(request, response, texts, options).catch((error: unknown) => {
      send(response, 502, 'text/plain', `Prometheus does not answer: ${String(error)}`);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { url, close: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  texts: Assets,
  { platform, port, prometheus }: DashboardsPageOptions,
): Promise<void> {
  const { pathname, search } = new URL(request.url ?? '/', 'http://127.0.0.1');
  // A page elsewhere that a browser was made to find here has another host.
  const isOurs = [`127.0.0.1:${port}`, `localhost:${port}`].includes(request.headers.host ?? '');
  if (request.method !== 'GET' || !isOurs) {
    send(response, 403, 'text/plain', 'This page can only be read, and only from this machine.');
    return;
  }
  const text = texts[pathname];
  if (text !== undefined) {
    send(response, 200, types[pathname.split('.')[1] ?? ''] ?? 'text/html', text);
    return;
  }
  if (asked.test(pathname)) {
    const found = await fetch(`${prometheus}${pathname}${search}`, { signal: AbortSignal.timeout(30_000) });
    send(response, found.status, 'application/json', await found.text());
    return;
  }
  const runbook = await runbookPage(platform, pathname);
  if (runbook === undefined) send(response, 404, 'text/plain', 'There is no such page.');
  else send(response, 200, 'text/html', runbook);
}

function send(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'self'; style-src 'self' 'unsafe-inline'",
  });
  response.end(text);
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
