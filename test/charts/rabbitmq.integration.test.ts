import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RabbitmqServer } from '../../local/servers/rabbitmq.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { eventually } from '../harness/eventually.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

/** What the management API says of each kind of thing, as far as the test compares it. */
interface LiveQueue {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly policy?: string | null;
  readonly effective_policy_definition?: Readonly<Record<string, unknown>> | null;
}
interface LiveBinding {
  readonly source: string;
  readonly destination: string;
  readonly routing_key: string;
}

const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-chart-rabbitmq-'));
const manifests = manifestsOf();
const declared = topologyOf(smartEats);
let server: RabbitmqServer;

beforeAll(async () => {
  const nothing = {
    exchanges: {},
    queues: {},
    events: {},
    services: {},
    taskQueues: {},
    tasks: {},
    schedule: {},
    retryDelaysMs: [],
  };
  server = await RabbitmqServer.create({ directory, platform: nothing });
  useFilesOf(manifests);
  await server.start();
}, 120_000);

afterAll(async () => {
  await server?.kill();
  rmSync(directory, { recursive: true, force: true });
});

/** Puts the files that the pod mounts in the place of the server's own, on the server's own ports. */
function useFilesOf(synthesized: Manifests): void {
  const { data = {} } = synthesized.get('ConfigMap', 'rabbitmq');
  const { stringData = {} } = synthesized.get('Secret', 'rabbitmq');
  const definitions = join(directory, 'definitions');
  mkdirSync(definitions);
  const write = (name: string, content = '') => writeFileSync(join(directory, name), content);
  for (const { mountPath, subPath } of synthesized.container('rabbitmq').volumeMounts ?? []) {
    if (mountPath.startsWith('/etc/rabbitmq/definitions/') && subPath)
      write(mountPath.replace('/etc/rabbitmq/', ''), data[subPath] ?? stringData[subPath]);
  }
  // The test asks for the server's state with the password that the server made.
  const probe = { name: server.user, password: server.password, tags: ['administrator'] };
  write('definitions/30-probe.json', JSON.stringify({ users: [probe] }));
  write('enabled_plugins', data['enabled_plugins']);
  write('advanced.config', data['advanced.config']);
  write(
    'rabbitmq.conf',
    [
      data['rabbitmq.conf']?.replace('/etc/rabbitmq/definitions', definitions),
      `listeners.tcp.local = 127.0.0.1:${server.ports.amqp}`,
      'management.tcp.ip = 127.0.0.1',
      `management.tcp.port = ${server.ports.management}`,
      'prometheus.tcp.ip = 127.0.0.1',
      `prometheus.tcp.port = ${server.ports.prometheus}`,
      '',
    ].join('\n'),
  );
}

async function live<T>(path: string): Promise<readonly T[]> {
  const response = await server.api(`${path}/%2F`);
  expect(response.status).toBe(200);
  // The management API documents a list of this shape for each of the paths.
  return (await response.json()) as T[];
}

const sorted = (items: readonly string[]) => [...items].sort();

describe('a RabbitMQ that starts on the files of the chart', () => {
  it('has exactly the declared exchanges', async () => {
    const exchanges = await live<{ name: string; type: string; durable: boolean }>('exchanges');
    const ours = exchanges.filter(({ name }) => name !== '' && !name.startsWith('amq.'));
    expect(sorted(ours.map(({ name, type, durable }) => `${name} ${type} ${durable}`))).toEqual(
      sorted(declared.exchanges.map(({ name, type }) => `${name} ${type} true`)),
    );
  });

  it('has exactly the declared queues, with exactly the declared arguments', async () => {
    const queues = await live<LiveQueue>('queues');
    const byName = (all: readonly { name: string; arguments: object }[]) =>
      Object.fromEntries(all.map((queue) => [queue.name, queue.arguments]));
    expect(byName(queues)).toEqual(byName(declared.queues));
    for (const { name, type, durable } of queues)
      expect([name, type, durable]).toEqual([name, 'quorum', true]);
  });

  it('has exactly the declared bindings', async () => {
    const bindings = await live<LiveBinding>('bindings');
    const ours = bindings.filter(({ source }) => source !== '');
    expect(
      sorted(ours.map(({ source, routing_key, destination }) => `${source} ${routing_key} ${destination}`)),
    ).toEqual(
      sorted(
        declared.bindings.map(({ exchange, routingKey, queue }) => `${exchange} ${routingKey} ${queue}`),
      ),
    );
  });

  it('has exactly the declared policies', async () => {
    const policies = await live<{ name: string }>('policies');
    const expected = declared.policies.map((each) => ({ ...each, 'apply-to': 'queues', vhost: '/' }));
    const byName = (all: readonly { name: string }[]) =>
      Object.fromEntries(all.map((each) => [each.name, each]));
    expect(byName(policies)).toEqual(byName(expected));
  });

  it('applies to every queue the policy that the declarations mean for it, and to no other', async () => {
    const meant = (name: string) =>
      [...declared.policies]
        .sort((one, other) => other.priority - one.priority)
        .find(({ pattern }) => new RegExp(pattern).test(name));
    await eventually(async () => {
      for (const { name, policy, effective_policy_definition } of await live<LiveQueue>('queues')) {
        expect([name, policy || undefined]).toEqual([name, meant(name)?.name]);
        expect([name, effective_policy_definition || {}]).toEqual([name, meant(name)?.definition ?? {}]);
      }
    });
  });

  it('makes a queue that a client declares bare a quorum queue', async () => {
    const response = await server.api('vhosts/%2F');
    expect(await response.json()).toMatchObject({ metadata: { default_queue_type: 'quorum' } });
  });

  it('has the plugins that show it: management and metrics', async () => {
    const metrics = await fetch(`http://127.0.0.1:${server.ports.prometheus}/metrics`);
    expect(metrics.status).toBe(200);
    expect(await metrics.text()).toContain('rabbitmq_identity_info');
  });

  it('takes the queues that Flower and older Celery programs declare, which RabbitMQ 4.3 may refuse', async () => {
    const queue = 'queues/%2F/reply.celery.pidbox';
    const body = { durable: false, auto_delete: true };
    expect((await server.api(queue, { method: 'PUT', body })).status).toBe(201);
    expect((await server.api(queue, { method: 'DELETE' })).ok).toBe(true);
  });

  it('permits them by a file that the server reads', async () => {
    const told = 'application:get_env(rabbit, permit_deprecated_features, #{}).';
    expect(await server.ctl('eval', told)).toContain('transient_nonexcl_queues => true');
  });

  // Last, since it takes the password away that the other tests use.
  it('knows the user of the services by the password in their Secret', async () => {
    const { stringData = {} } = manifests.get('Secret', 'rabbitmq');
    const users = JSON.parse(stringData['users.json'] ?? '');
    expect((await server.api('definitions', { method: 'POST', body: users })).ok).toBe(true);
    const user = manifests.variable('order-service', 'RABBITMQ_USER')?.value;
    const credentials = Buffer.from(`${user}:${stringData['RABBITMQ_PASS']}`).toString('base64');
    const response = await fetch(`${server.managementUrl}/api/whoami`, {
      headers: { authorization: `Basic ${credentials}` },
    });
    expect(response.status).toBe(200);
    expect((await server.api('whoami')).status).toBe(401);
  });
});
