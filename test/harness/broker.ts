import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RabbitmqServer } from '../../local/servers/rabbitmq.ts';
import type { Platform } from '../../workers/platform/platform.ts';
import { rabbitmqDefinitions } from '../../workers/platform/rabbitmq-definitions.ts';

/** How the tests of one run reach the RabbitMQ that they share; set by the run's global setup. */
export interface SharedBroker {
  readonly user: string;
  readonly password: string;
  readonly amqpPort: number;
  readonly managementUrl: string;
}

/** The environment variable through which the global setup tells the tests. */
export const sharedBrokerVariable = 'SMARTEATS_TEST_BROKER';

export interface ApiRequest {
  readonly method?: string;
  readonly body?: unknown;
}

/** A virtual host of a test's own. */
export interface TestVhost {
  readonly url: string;
  readonly managementUrl: string;
  readonly vhost: string;
  /** Calls the management API; a path below `/api/`, as user and administrator of the virtual host. */
  api(path: string, request?: ApiRequest): Promise<Response>;
  /** Calls the management API and reads its JSON. */
  json<T>(path: string, request?: ApiRequest): Promise<T>;
  /** Removes the virtual host with all that is in it. */
  drop(): Promise<void>;
}

/** Makes a virtual host with the definitions of the platform on the run's shared broker. */
export async function freshVhost(platform: Platform): Promise<TestVhost> {
  const shared = sharedBroker();
  const vhost = `test-${randomUUID()}`;
  const credentials = Buffer.from(`${shared.user}:${shared.password}`).toString('base64');
  const ask = (path: string, request: ApiRequest) =>
    fetch(`${shared.managementUrl}/api/${path}`, {
      method: request.method ?? 'GET',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    });
  // The server may close a connection that was idle just when it is used again.
  const api = (path: string, request: ApiRequest = {}) => ask(path, request).catch(() => ask(path, request));
  // RabbitMQ 3.10 knows it by the second name only.
  const defaultType = { default_queue_type: 'quorum', defaultqueuetype: 'quorum' };
  await succeed(api(`vhosts/${vhost}`, { method: 'PUT', body: defaultType }));
  const permission = { configure: '.*', write: '.*', read: '.*' };
  await succeed(api(`permissions/${vhost}/${shared.user}`, { method: 'PUT', body: permission }));
  await succeed(api('definitions', { method: 'POST', body: rabbitmqDefinitions(platform, { vhost }) }));
  return {
    url: `amqp://${shared.user}:${shared.password}@127.0.0.1:${shared.amqpPort}/${vhost}`,
    managementUrl: shared.managementUrl,
    vhost,
    api,
    // The caller names the shape that the management API documents for the path.
    json: async <T>(path: string, request?: ApiRequest) =>
      (await succeed(api(path, request))).json() as Promise<T>,
    drop: async () => {
      await succeed(api(`vhosts/${vhost}`, { method: 'DELETE' }));
    },
  };
}

/** A RabbitMQ of the test's own, for tests that kill it; `remove` ends it together with its data. */
export interface OwnBroker {
  readonly server: RabbitmqServer;
  readonly url: string;
  remove(): Promise<void>;
}

/** Starts a RabbitMQ on free ports with the platform's definitions. */
export async function startOwnBroker(platform: Platform): Promise<OwnBroker> {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-rabbitmq-'));
  const server = await RabbitmqServer.create({ directory, platform });
  await server.start();
  return {
    server,
    url: server.url(),
    remove: async () => {
      await server.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** The one virtual host of a broker of its own, which goes with the broker; not asked by its management API. */
export function ownVhost({ url }: OwnBroker): TestVhost {
  const unused = () => Promise.reject(new Error('this broker is not asked by its management API'));
  return { url, managementUrl: '', vhost: '/', api: unused, json: unused, drop: async () => undefined };
}

function sharedBroker(): SharedBroker {
  const text = process.env[sharedBrokerVariable];
  if (text === undefined) throw new Error('the shared broker runs only in the integration project of jest');
  // Written by the global setup of this run.
  return JSON.parse(text) as SharedBroker;
}

async function succeed(answer: Promise<Response>): Promise<Response> {
  const response = await answer;
  if (!response.ok) throw new Error(`management API: ${response.status} ${await response.text()}`);
  return response;
}
