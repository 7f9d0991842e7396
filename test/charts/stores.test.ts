import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { ServiceSpec } from '../../charts/validation/manifest.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { rabbitmqDefinitions } from '../../workers/platform/rabbitmq-definitions.ts';
import { redisServerSettings } from '../../workers/platform/redis-server.ts';
import { extendedPlatform } from './extended-platform.ts';
import { manifestsOf } from './manifests.ts';

const kind = manifestsOf();
const production = manifestsOf(defineProfile('production'));

/** The lines of a configuration file as pairs of name and value. */
function settings(text: string | undefined, separator: string): Readonly<Record<string, string>> {
  const lines = (text ?? '').split('\n').filter((line) => line !== '');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf(separator);
      return [line.slice(0, at), line.slice(at + separator.length)];
    }),
  );
}

const digestOf = (manifests: typeof kind, name: string) =>
  manifests.workload(name).template.metadata?.annotations?.['checksum/configuration'];

describe('Redis in the cluster', () => {
  const redis = settings(kind.get('ConfigMap', 'redis').data?.['redis.conf'], ' ');

  it('keeps its data as the platform declares, on its volume', () => {
    expect(redis).toMatchObject(redisServerSettings);
    expect(redis).toMatchObject({ appendonly: 'yes', 'maxmemory-policy': 'noeviction', dir: '/data' });
    expect(kind.container('redis').volumeMounts).toContainEqual({ name: 'data', mountPath: '/data' });
  });

  it('refuses writes well before its memory limit ends it', () => {
    expect(redis['maxmemory']).toBe('153mb');
    const larger = settings(production.get('ConfigMap', 'redis').data?.['redis.conf'], ' ');
    expect(larger['maxmemory']).toBe('1228mb');
  });

  it('asks for a password that only its Secret holds', () => {
    const { args, env } = kind.container('redis');
    expect(args).toEqual(['/etc/redis/redis.conf', '--requirepass', '$(REDIS_PASSWORD)']);
    for (const variable of env ?? [])
      expect(variable.valueFrom?.secretKeyRef).toEqual({ name: 'redis', key: 'REDIS_PASSWORD' });
  });

  it('is ready once its data is loaded, but alive before', () => {
    expect(kind.container('redis')).toMatchObject({
      readinessProbe: { exec: { command: ['redis-cli', '-e', 'ping'] } },
      livenessProbe: { exec: { command: ['redis-cli', 'ping'] } },
    });
  });

  it('is started again when its configuration changed, and only then', () => {
    const size = {
      cpuMillis: { request: 1, limit: 1 },
      memoryMiB: { request: 999, limit: 999 },
      ephemeralMiB: { request: 1, limit: 1 },
    };
    expect(digestOf(manifestsOf(defineProfile('kind', { redis: { size } })), 'redis')).not.toBe(
      digestOf(kind, 'redis'),
    );
    expect(digestOf(manifestsOf(defineProfile('kind'), extendedPlatform), 'redis')).toBe(
      digestOf(kind, 'redis'),
    );
  });
});

describe('RabbitMQ in the cluster', () => {
  const conf = (manifests: typeof kind) =>
    settings(manifests.get('ConfigMap', 'rabbitmq').data?.['rabbitmq.conf'], ' = ');

  it('loads the definitions of the platform, and its users from a Secret', () => {
    const files = kind.get('ConfigMap', 'rabbitmq').data ?? {};
    expect(JSON.parse(files['topology.json'] ?? '')).toEqual(rabbitmqDefinitions(smartEats));
    expect(files['topology.json']).not.toContain('password');
    expect(files['enabled_plugins']).toBe('[rabbitmq_management,rabbitmq_prometheus].\n');
    const mounts = kind.container('rabbitmq').volumeMounts?.map(({ mountPath, name }) => [mountPath, name]);
    expect(mounts).toContainEqual([`${conf(kind)['load_definitions']}/10-topology.json`, 'configuration']);
    expect(mounts).toContainEqual([`${conf(kind)['load_definitions']}/20-users.json`, 'users']);
    expect(kind.workload('rabbitmq').template.spec.volumes).toContainEqual({
      name: 'users',
      secret: { secretName: 'rabbitmq', items: [{ key: 'users.json', path: 'users.json' }] },
    });
  });

  it('makes publishers wait before its memory or its volume is used up', () => {
    expect(conf(kind)['vm_memory_high_watermark.absolute']).toBe('460MiB');
    expect(conf(kind)['disk_free_limit.absolute']).toBe('204MiB');
    expect(conf(production)['vm_memory_high_watermark.absolute']).toBe('1228MiB');
    expect(conf(production)['disk_free_limit.absolute']).toBe('4096MiB');
  });

  it('is started again when a queue is declared, so that it loads the definitions', () => {
    const extended = manifestsOf(defineProfile('kind'), extendedPlatform);
    expect(digestOf(extended, 'rabbitmq')).not.toBe(digestOf(kind, 'rabbitmq'));
  });

  it('has one Service for clients and one that names nodes before they are ready', () => {
    const client = kind.spec<ServiceSpec>('Service', 'rabbitmq');
    expect(client.ports?.map(({ name, port }) => [name, port])).toEqual([
      ['amqp', 5672],
      ['management', 15672],
      ['prometheus', 15692],
    ]);
    const nodes = kind.spec<ServiceSpec>('Service', 'rabbitmq-nodes');
    expect(nodes).toMatchObject({ clusterIP: 'None', publishNotReadyAddresses: true });
    expect(kind.workload('rabbitmq').serviceName).toBe('rabbitmq-nodes');
  });

  it('is one node on kind, which needs no peers, no names and no cookie', () => {
    expect(kind.workload('rabbitmq').replicas).toBe(1);
    expect(kind.workload('rabbitmq').template.spec.initContainers).toBeUndefined();
    expect(Object.keys(conf(kind)).filter((name) => name.startsWith('cluster_formation'))).toEqual([]);
    expect(kind.container('rabbitmq').lifecycle).toBeUndefined();
  });

  it('is three nodes in production that know each other by name and start beside each other', () => {
    const { replicas, podManagementPolicy, template } = production.workload('rabbitmq');
    expect([replicas, podManagementPolicy]).toEqual([3, 'Parallel']);
    const nodes = [0, 1, 2].map((index) => `rabbit@rabbitmq-${index}.rabbitmq-nodes.smarteats`);
    expect(conf(production)).toMatchObject({
      'cluster_formation.peer_discovery_backend': 'classic_config',
      ...Object.fromEntries(
        nodes.map((node, index) => [`cluster_formation.classic_config.nodes.${index + 1}`, node]),
      ),
      'cluster_formation.target_cluster_size_hint': '3',
      cluster_partition_handling: 'pause_minority',
    });
    expect(production.variable('rabbitmq', 'RABBITMQ_NODENAME')?.value).toBe(
      'rabbit@$(POD_NAME).rabbitmq-nodes.smarteats',
    );
    expect(template.spec.initContainers?.map(({ name }) => name)).toEqual(['cookie']);
  });

  it('hands over before a node of a cluster ends, within the time that it is given', () => {
    const { lifecycle } = production.container('rabbitmq');
    const command = JSON.stringify(lifecycle);
    const limits = [...command.matchAll(/--timeout (\d+)/g)].map(([, seconds]) => Number(seconds));
    expect(limits).toHaveLength(2);
    const longest = limits.reduce((sum, seconds) => sum + seconds, 0);
    const { terminationGracePeriodSeconds } = production.workload('rabbitmq').template.spec;
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(longest + 30);
  });
});
