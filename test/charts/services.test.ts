import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../charts/profile.ts';
import type { ServiceSpec, WorkloadSpec } from '../../charts/validation/manifest.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { extendedPlatform } from './extended-platform.ts';
import { manifestsOf } from './manifests.ts';

const kind = manifestsOf();
const production = manifestsOf(defineProfile('production'));
// What Kubernetes does itself has no place in a cluster.
const services = Object.entries(smartEats.services).filter(([name]) => name !== 'beat');
const namesOfKind = (wanted: 'product' | 'sandbox') =>
  services.filter(([, service]) => service.kind === wanted).map(([name]) => name);

describe('the manifests of the services', () => {
  it.each(services.map(([name]) => name))(
    '%s has a workload, a Service, an account and a disruption budget',
    (name) => {
      expect(kind.workloadNames()).toContain(name);
      for (const each of ['Service', 'ServiceAccount', 'PodDisruptionBudget']) {
        expect(kind.names(each)).toContain(name);
      }
    },
  );

  it('run the stand-ins for the outside world on kind only', () => {
    expect(kind.workloadNames()).toEqual(expect.arrayContaining(namesOfKind('sandbox')));
    expect([...production.serviceNames()].sort()).toEqual(namesOfKind('product').sort());
  });

  it('give the workers whose tasks run in threads the memory for those', () => {
    const memoryOf = (name: string) => kind.container(name).resources?.limits?.['memory'];
    expect(memoryOf('celery-worker')).toBe('256Mi');
    expect(memoryOf('ai-worker')).toBe(`${256 + smartEats.taskQueues.ai.threadMemoryMiB}Mi`);
    expect(memoryOf('analytics-worker')).toBe(`${256 + smartEats.taskQueues.analytics.threadMemoryMiB}Mi`);
  });

  it('leave the schedule to the CronJobs', () => {
    for (const each of ['Deployment', 'Service', 'ServiceMonitor'])
      expect(kind.names(each)).not.toContain('beat');
  });

  it('start the one image in the role of the service', () => {
    for (const [name] of services) {
      expect(kind.container(name).args).toEqual([name]);
      expect(kind.container(name).image).toMatch(/^localhost:5001\/smarteats:\d+\.\d+\.\d+$/);
      expect(kind.container(name).command).toBeUndefined();
    }
  });

  it('open every declared port, and each Service reaches it by its name', () => {
    for (const [name, { port, ...service }] of services) {
      const extra = 'extraPorts' in service ? Object.entries(service.extraPorts) : [];
      const ports = [['http', port], ...extra];
      expect(kind.container(name).ports?.map((each) => [each.name, each.containerPort])).toEqual(ports);
      expect(
        kind.spec<ServiceSpec>('Service', name).ports?.map((each) => [each.targetPort, each.port]),
      ).toEqual(ports);
    }
  });

  it('restart a pod by /livez and give it traffic by /readyz', () => {
    for (const [name] of services) {
      const { livenessProbe, readinessProbe } = kind.container(name);
      expect(livenessProbe).toMatchObject({ httpGet: { path: '/livez', port: 'http' } });
      expect(readinessProbe).toMatchObject({ httpGet: { path: '/readyz', port: 'http' } });
    }
  });

  it('run one pod each on kind, two of each product service in production, and single services as told', () => {
    const fixed = { autoscaling: { enabled: false } };
    const kind = manifestsOf(defineProfile('kind', fixed));
    const production = manifestsOf(defineProfile('production', fixed));
    const services = { replicasOf: { 'api-gateway': 5 } };
    const told = manifestsOf(defineProfile('production', { ...fixed, services }));
    for (const name of namesOfKind('product')) {
      expect(kind.workload(name).replicas).toBe(1);
      expect(production.workload(name).replicas).toBe(2);
      expect(told.workload(name).replicas).toBe(name === 'api-gateway' ? 5 : 2);
    }
  });

  it('never have fewer pods than wanted during an update', () => {
    expect(kind.workload('order-service').strategy).toEqual({
      type: 'RollingUpdate',
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it('keep serving after the pod is told to end, where others call', () => {
    for (const name of ['api-gateway', 'auth-service', 'payment-sandbox', 'message-catcher']) {
      expect(kind.container(name).lifecycle).toMatchObject({
        preStop: { exec: { command: expect.any(Array) } },
      });
    }
    expect(kind.container('order-service').lifecycle).toBeUndefined();
  });

  it('keep the ledger of the payment sandbox on a volume that one pod at a time writes to', () => {
    const { replicas, volumeClaimTemplates } = kind.spec<WorkloadSpec>('StatefulSet', 'payment-sandbox');
    expect(replicas).toBe(1);
    expect(volumeClaimTemplates?.map(({ metadata }) => metadata.name)).toEqual(['data']);
    expect(kind.names('Deployment')).not.toContain('payment-sandbox');
    const data = kind.container('payment-sandbox').volumeMounts?.find(({ name }) => name === 'data');
    const ledger = kind.variable('payment-sandbox', 'SANDBOX_LEDGER_FILE')?.value;
    expect(ledger?.startsWith(`${data?.mountPath}/`)).toBe(true);
  });

  it('appear for a service and a queue that were only declared', () => {
    const extended = manifestsOf(defineProfile('kind'), extendedPlatform);
    expect(extended.workload('loyalty-service').template.spec.containers).toHaveLength(1);
    expect(extended.spec<ServiceSpec>('Service', 'loyalty-service').ports?.[0]?.port).toBe(4006);
    expect(extended.names('NetworkPolicy')).toContain('loyalty-service');
    expect(extended.get('ConfigMap', 'rabbitmq').data?.['topology.json']).toContain('"points_earned.dead"');
    expect(kind.get('ConfigMap', 'rabbitmq').data?.['topology.json']).not.toContain('points_earned');
  });
});

describe('the time a pod has to end', () => {
  const graceOf = (manifests: typeof kind, name: string) => ({
    shutdownMs: Number(manifests.variable(name, 'SHUTDOWN_GRACE_MS')?.value),
    terminationMs: Number(manifests.pod(name).terminationGracePeriodSeconds) * 1000,
  });

  it.each(services.map(([name]) => name))(
    '%s ends its longest work, then itself, and only then is killed',
    (name) => {
      const queues = Object.values(smartEats.queues).filter(({ consumer }) => consumer === name);
      const longest = Math.max(0, ...queues.map(({ handlerTimeoutMs }) => handlerTimeoutMs));
      const { shutdownMs, terminationMs } = graceOf(kind, name);
      expect(shutdownMs).toBeGreaterThan(longest);
      expect(terminationMs).toBeGreaterThan(shutdownMs + 5000);
    },
  );

  it('grows with the time limit of a queue', () => {
    const { shutdownMs } = graceOf(manifestsOf(defineProfile('kind'), extendedPlatform), 'loyalty-service');
    expect(shutdownMs).toBeGreaterThan(120_000);
  });
});
