import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../../charts/profile.ts';
import { celeryAddress, celeryPasswords, celeryServersOf } from '../../../cli/cluster/celery-servers.ts';
import type { Cluster } from '../../../cli/cluster/connection.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { manifestsOf } from '../../charts/manifests.ts';

describe('the servers for clients of tasks in a cluster', () => {
  it('are Services of the manifests, with these ports', () => {
    const profile = defineProfile('kind');
    const manifests = manifestsOf(profile, smartEats);
    const servers = celeryServersOf(profile) ?? [];
    expect(servers.map(({ purpose }) => purpose)).toEqual(['broker', 'results']);
    for (const { service, port } of servers) {
      const { ports } = manifests.spec<{ ports: readonly { port: number }[] }>('Service', service);
      expect(ports.map((each) => each.port)).toContain(port);
    }
  });

  it('cannot be reached where one of them is outside', () => {
    for (const outside of [{ redis: {} }, { rabbitmq: {} }])
      expect(celeryServersOf(defineProfile('production', { outside }))).toBeUndefined();
  });

  it('are found by the ports of this machine, whatever is in the passwords', () => {
    const { broker, results } = celeryAddress(
      { broker: 'a/b@c', results: 'd:e#f' },
      { broker: 1, results: 2 },
    );
    expect(broker).toBe('amqp://smarteats:a%2Fb%40c@127.0.0.1:1');
    expect(results).toBe('redis://:d%3Ae%23f@127.0.0.1:2');
  });
});

describe('the passwords of these servers', () => {
  const clusterWith = (secrets: Readonly<Record<string, Readonly<Record<string, string>>>>) =>
    // All that is asked of a cluster here is its Secrets.
    ({
      core: {
        readNamespacedSecret: async ({ name }: { name: string }) => ({
          data: Object.fromEntries(
            Object.entries(secrets[name] ?? {}).map(([key, text]) => [key, btoa(text)]),
          ),
        }),
      },
      failure: (error: unknown) => error,
    }) as unknown as Pick<Cluster, 'core' | 'failure'>;

  it('are those of the services, in the Secrets that the pods use', async () => {
    const cluster = clusterWith({
      rabbitmq: { RABBITMQ_PASS: 'rabbit', RABBITMQ_OPERATOR_PASS: 'other' },
      redis: { REDIS_PASSWORD: 'red' },
    });
    expect(await celeryPasswords(cluster, 'smarteats')).toEqual({ broker: 'rabbit', results: 'red' });
  });

  it('are missed by name', async () => {
    const cluster = clusterWith({ rabbitmq: { RABBITMQ_PASS: 'rabbit' } });
    await expect(celeryPasswords(cluster, 'smarteats')).rejects.toMatchObject({
      code: 'CLUSTER_SERVICE_UNAVAILABLE',
      message: 'Secret redis has no REDIS_PASSWORD',
    });
  });
});
