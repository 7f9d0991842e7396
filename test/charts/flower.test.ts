import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { manifestsOf } from './manifests.ts';

interface Definitions {
  readonly users: readonly { readonly name: string; readonly tags: readonly string[] }[];
  readonly permissions: readonly {
    readonly user: string;
    readonly configure: string;
    readonly write: string;
    readonly read: string;
  }[];
}

const kind = manifestsOf();
const secret = kind.get('Secret', 'flower').stringData ?? {};

describe('Flower in the cluster', () => {
  it('takes its addresses and its own login from a Secret, also in production', () => {
    for (const manifests of [kind, manifestsOf(defineProfile('production'))]) {
      for (const key of ['CELERY_BROKER_URL', 'FLOWER_BROKER_API', 'FLOWER_BASIC_AUTH'])
        expect(manifests.variable('flower', key)?.valueFrom?.secretKeyRef).toEqual({ name: 'flower', key });
    }
  });

  it('reaches RabbitMQ and its management at their Service', () => {
    const ports = kind
      .spec<{ ports: readonly { name: string; port: number }[] }>('Service', 'rabbitmq')
      .ports.map(({ port }) => String(port));
    for (const key of ['CELERY_BROKER_URL', 'FLOWER_BROKER_API']) {
      const { hostname, port } = new URL(secret[key] ?? '');
      expect([key, hostname, ports.includes(port)]).toEqual([key, 'rabbitmq', true]);
    }
    expect(secret['CELERY_BROKER_URL']).toMatch(/\/\/$/);
  });

  it('remembers nothing, and not without end', () => {
    expect(kind.variable('flower', 'FLOWER_PERSISTENT')?.value).toBe('false');
    expect(Number(kind.variable('flower', 'FLOWER_MAX_TASKS')?.value)).toBeGreaterThan(0);
    expect(kind.pod('flower').volumes?.every((volume) => 'emptyDir' in volume)).toBe(true);
  });

  it('listens on the port that its variable, its Service and its probes name', () => {
    expect(kind.variable('flower', 'FLOWER_PORT')?.value).toBe('5555');
    expect(kind.container('flower').ports).toEqual([{ name: 'http', containerPort: 5555 }]);
    expect(kind.container('flower')).toMatchObject({
      livenessProbe: { httpGet: { path: '/healthcheck', port: 'http' } },
      readinessProbe: { tcpSocket: { port: 'http' } },
    });
  });

  it('is a user of RabbitMQ that sees all and touches only what is Celery’s', () => {
    const { users, permissions }: Definitions = JSON.parse(
      kind.get('Secret', 'rabbitmq').stringData?.['users.json'] ?? '',
    );
    const user = new URL(secret['CELERY_BROKER_URL'] ?? '').username;
    expect(users.find(({ name }) => name === user)?.tags).toEqual(['monitoring']);
    const granted = permissions.find((each) => each.user === user);
    const queues = topologyOf(smartEats).queues.map(({ name }) => name);
    for (const expression of [granted?.configure, granted?.write, granted?.read]) {
      const allowed = new RegExp(expression ?? '');
      for (const name of [
        'celeryev',
        'celeryev.1f-2',
        'celery.pidbox',
        'reply.celery.pidbox',
        'a1.reply.celery.pidbox',
      ])
        expect([name, allowed.test(name)]).toEqual([name, true]);
      for (const name of [...queues, 'celery', 'smarteats.orders', ''])
        expect([name, allowed.test(name)]).toEqual([name, false]);
    }
  });

  it('has no Secret of the manifests where RabbitMQ is elsewhere', () => {
    const outside = manifestsOf(defineProfile('kind', { outside: { rabbitmq: {} } }));
    expect(outside.names('Secret')).not.toContain('flower');
    expect(outside.names('Deployment')).toContain('flower');
  });
});
