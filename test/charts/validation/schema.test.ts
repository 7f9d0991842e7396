import { describe, expect, it } from '@jest/globals';
import { KubernetesSchema } from '../../../charts/validation/kubernetes-schema.ts';

const schema = new KubernetesSchema();
const metadata = { name: 'trial' };

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'trial' } },
    template: {
      metadata: { labels: { app: 'trial' } },
      spec: {
        containers: [
          {
            name: 'trial',
            image: 'trial:1',
            resources: { limits: { cpu: '500m', memory: '64Mi', 'ephemeral-storage': 1 } },
            ports: [{ containerPort: 80, hostIP: '127.0.0.1' }],
            livenessProbe: { httpGet: { path: '/', port: 'http' } },
            readinessProbe: { httpGet: { path: '/', port: 80 } },
          },
        ],
      },
    },
  },
};

/** The problems of the deployment with one value replaced; a path of keys and indices. */
function problemsWith(path: string, value: unknown): readonly string[] {
  const copy: unknown = structuredClone(deployment);
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let place = copy as Record<string, unknown>;
  // Each key on the way names an object or a list of the constant above.
  for (const key of keys) place = place[key] as Record<string, unknown>;
  if (value === undefined) delete place[last];
  else place[last] = value;
  return schema.problemsOf(copy as typeof deployment);
}

const container = 'spec.template.spec.containers.0';

describe('the schema of Kubernetes 1.27', () => {
  it('accepts what the API accepts: names as the API writes them, numbers and quantities in all their forms', () => {
    expect(schema.problemsOf(deployment)).toEqual([]);
  });

  it.each([
    ['replica', 1, 'replica is no field of the API'],
    ['spec.replicaz', 1, 'spec.replicaz is no field of the API'],
    [`${container}.imagePullpolicy`, 'Always', `${container}.imagePullpolicy is no field of the API`],
    [`${container}.ports.0.hostIp`, '127.0.0.1', `${container}.ports.0.hostIp is no field of the API`],
    ['status', {}, 'status is no field of the API'],
  ])('refuses the unknown field %s', (path, value, problem) => {
    expect(problemsWith(path, value)).toEqual([problem]);
  });

  it.each([
    ['spec.replicas', '1', 'spec.replicas must be integer (is "1")'],
    ['spec.replicas', 1.5, 'spec.replicas must be integer (is 1.5)'],
    ['spec.selector.matchLabels.app', 1, 'spec.selector.matchLabels.app must be string (is 1)'],
    ['spec.template.spec.containers', {}, 'spec.template.spec.containers must be array'],
    [`${container}.resources.limits.memory`, '64 MB', expect.stringContaining('must match pattern')],
    [`${container}.livenessProbe.httpGet.port`, true, expect.stringContaining('must be')],
    [`${container}.image`, null, `${container}.image must be string (is null)`],
  ])('refuses the wrong type of %s: %j', (path, value, problem) => {
    expect(problemsWith(path, value)).toContainEqual(problem);
  });

  it.each([
    ['metadata', "the object must have required property 'metadata'"],
    ['spec.selector', "spec must have required property 'selector'"],
    [`${container}.name`, `${container} must have required property 'name'`],
  ])('misses %s where it is required', (path, problem) => {
    expect(problemsWith(path, undefined)).toEqual([problem]);
  });

  it('knows no kind that Kubernetes 1.27 does not have', () => {
    expect(schema.problemsOf({ apiVersion: 'apps/v1', kind: 'Deploymint' })).toEqual([
      'apps/v1/Deploymint is no kind of Kubernetes 1.27, nor a custom resource in use',
    ]);
    expect(schema.problemsOf({ apiVersion: 'extensions/v1beta1', kind: 'Deployment' })).toHaveLength(1);
  });

  it('knows the kinds that the platform is made of', () => {
    const service = { apiVersion: 'v1', kind: 'Service', metadata, spec: { clusterIP: 'None' } };
    const budget = {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata,
      spec: { maxUnavailable: '50%', unhealthyPodEvictionPolicy: 'AlwaysAllow' },
    };
    const cronJob = {
      apiVersion: 'batch/v1',
      kind: 'CronJob',
      metadata,
      spec: { schedule: '0 2 * * *', timeZone: 'Etc/UTC', jobTemplate: { spec: { template: {} } } },
    };
    for (const object of [service, budget, cronJob]) expect(schema.problemsOf(object)).toEqual([]);
    const misspelt = { ...service, spec: { clusterIp: 'None' } };
    expect(schema.problemsOf(misspelt)).toEqual(['spec.clusterIp is no field of the API']);
  });
});
