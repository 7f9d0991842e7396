import { describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileProps } from '../../charts/profile.ts';
import { profileFromEnvironment } from '../../charts/profile-environment.ts';
import { manifestsOf } from './manifests.ts';

describe('the profile that the environment asks for', () => {
  it('is kind unless said otherwise', () => {
    expect(profileFromEnvironment({}).name).toBe('kind');
    expect(profileFromEnvironment({ SMARTEATS_PROFILE: '' })).toEqual(defineProfile('kind'));
    expect(profileFromEnvironment({ SMARTEATS_PROFILE: 'production' })).toEqual(defineProfile('production'));
  });

  it('takes the image from a registry and tag of its own', () => {
    const env = { SMARTEATS_IMAGE_REGISTRY: 'registry.example/food', SMARTEATS_IMAGE_TAG: '1.2.3' };
    expect(profileFromEnvironment(env).image).toBe('registry.example/food/smarteats:1.2.3');
  });

  it('finds the dependencies outside that it names', () => {
    const env = { SMARTEATS_PROFILE: 'production', SMARTEATS_OUTSIDE: 'redis, rabbitmq' };
    expect(profileFromEnvironment(env)).toEqual(
      defineProfile('production', { outside: { redis: {}, rabbitmq: {} } }),
    );
  });

  it('finds the classifier of pictures on the claim that it names', () => {
    const env = { SMARTEATS_FOOD_MODEL: 'food-model/v2/model.onnx' };
    expect(profileFromEnvironment(env)).toEqual(
      defineProfile('kind', { foodModel: { claim: 'food-model', model: 'v2/model.onnx' } }),
    );
    expect(profileFromEnvironment({ SMARTEATS_FOOD_MODEL: '' }).foodModel).toBeUndefined();
  });

  it('does without an autoscaler where it says so', () => {
    const off = profileFromEnvironment({ SMARTEATS_AUTOSCALING: 'off' });
    expect(off).toEqual(defineProfile('kind', { autoscaling: { enabled: false } }));
    expect(profileFromEnvironment({ SMARTEATS_AUTOSCALING: 'on' })).toEqual(defineProfile('kind'));
  });

  it('leaves the nodes to others where it says so', () => {
    const off = profileFromEnvironment({ SMARTEATS_NODES: 'off' });
    expect(off).toEqual(defineProfile('kind', { nodes: { watched: false } }));
  });

  it.each([
    [{ SMARTEATS_NODES: 'no' }, 'SMARTEATS_NODES must be on or off (is "no")'],
    [{ SMARTEATS_PROFILE: 'prod' }, 'SMARTEATS_PROFILE must be kind or production (is "prod")'],
    [
      { SMARTEATS_FOOD_MODEL: 'food-model' },
      'profile kind: foodModel.model must be the path of a file in the volume, such as food/model.onnx (is "")',
    ],
    [{ SMARTEATS_AUTOSCALING: 'maybe' }, 'SMARTEATS_AUTOSCALING must be on or off (is "maybe")'],
    [
      { SMARTEATS_OUTSIDE: 'mongo' },
      'profile kind: outside must name redis, mongodb, rabbitmq, payment-provider, mail, sms, object-storage, internet (is "mongo")',
    ],
    [
      { SMARTEATS_IMAGE_TAG: 'latest' },
      'profile kind: an image must be NAME:TAG with a tag other than latest (is "localhost:5001/smarteats:latest")',
    ],
  ])('refuses %j in one line', (env, message) => {
    expect(() => profileFromEnvironment(env)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', message }),
    );
  });
});

describe('an option of a profile', () => {
  const size = {
    cpuMillis: { request: 2, limit: 1 },
    memoryMiB: { request: 1, limit: 1 },
    ephemeralMiB: { request: 1, limit: 1 },
  };

  it.each<[ProfileProps, string]>([
    [{ namespace: 'Smart Eats' }, 'namespace must be'],
    [{ services: { replicas: 0 } }, 'services.replicas must be a whole number from 1 (is 0)'],
    [{ services: { replicasOf: { 'api-gateway': 1.5 } } }, 'services.replicasOf.api-gateway must be'],
    [{ services: { size } }, 'services.size.cpuMillis needs a request above 0 and a limit not below it'],
    [{ autoscaling: { maxReplicas: 0 } }, 'autoscaling.maxReplicas must be a whole number from 1 (is 0)'],
    [{ autoscaling: { namespace: 'Keda' } }, 'autoscaling.namespace must be lower case letters'],
    [{ redis: { storageGiB: -1 } }, 'redis.storageGiB must be'],
    [{ redis: { image: 'redis' } }, 'an image must be NAME:TAG'],
    [{ prometheus: { replicas: 0 } }, 'prometheus.replicas must be'],
    [{ prometheus: { retentionDays: 0.5 } }, 'prometheus.retentionDays must be'],
    [{ alertmanager: { storageGiB: 0 } }, 'alertmanager.storageGiB must be'],
    [{ grafana: { image: 'grafana/grafana:latest' } }, 'an image must be NAME:TAG'],
    [{ redisExporter: { size } }, 'redisExporter.size.cpuMillis needs a request above 0'],
    [{ nodes: { namespace: 'Nodes' } }, 'nodes.namespace must be lower case letters'],
    [{ nodes: { namespace: 'smarteats' } }, "nodes.namespace must be another than the platform's"],
    [{ nodes: { image: 'node-exporter' } }, 'an image must be NAME:TAG'],
    [{ nodes: { kubelets: { ports: [] } } }, 'nodes.kubelets.ports must be ports from 1 to 65535'],
    [{ flower: { managementPorts: [] } }, 'flower.managementPorts must be ports from 1 to 65535'],
    [{ kubernetesApi: { ports: [70_000] } }, 'kubernetesApi.ports must be ports from 1 to 65535'],
    [{ kubernetesApi: { cidrs: ['api'] } }, 'kubernetesApi.cidrs must be networks such as 10.0.0.0/8'],
    [{ monitorLabels: {} }, 'monitorLabels must be labels of Kubernetes, at least one (are {})'],
    [{ monitorLabels: { release: 'a b' } }, 'monitorLabels must be labels of Kubernetes'],
    [{ foodModel: { claim: 'Food Model', model: 'a' } }, 'foodModel.claim must be the name of'],
    [
      { foodModel: { claim: 'food', model: '../a' } },
      'foodModel.model must be the path of a file in the volume',
    ],
    [{ foodModel: { claim: 'food', model: '/a' } }, 'foodModel.model must be'],
    [{ foodModel: { claim: 'food', model: 'a', labels: 'b//c' } }, 'foodModel.labels must be'],
    [{ alerting: { to: 'nobody' } }, 'alerting.to must be a mail address (is "nobody")'],
    [{ alerting: { smarthost: 'a b' } }, 'alerting.smarthost must be host:port (is "a b")'],
    [{ alerting: { smarthost: 'mail.example' } }, 'alerting.smarthost must be host:port'],
    [{ runbooks: 'x' }, 'runbooks must be a URL that ends with / (is "x")'],
    [{ runbooks: 'https://example.com/docs' }, 'runbooks must be a URL that ends with /'],
    [{ rabbitmq: { nodes: 2 } }, 'rabbitmq.nodes must be odd (is 2)'],
    [{ outside: { redis: { ports: [0] } } }, 'outside.redis.ports must be ports from 1 to 65535'],
    [{ outside: { redis: { ports: [] } } }, 'outside.redis.ports must be'],
    [
      { outside: { redis: { cidrs: ['10.0.0.0/33'] } } },
      'outside.redis.cidrs must be networks such as 10.0.0.0/8',
    ],
    [{ outside: { redis: { cidrs: ['everywhere'] } } }, 'outside.redis.cidrs must be'],
  ])('%j is refused in one line that names it', (props, part) => {
    const refusal = expect.objectContaining({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining(part),
    });
    expect(() => defineProfile('production', props)).toThrow(refusal);
    expect(() => defineProfile('production', props)).toThrow(/^[^\n]+$/);
  });

  it('that is wrong in two places is reported once, with both', () => {
    const props: ProfileProps = { namespace: '-', redis: { storageGiB: 0 } };
    expect(() => defineProfile('kind', props)).toThrow(/namespace must be.*; redis\.storageGiB must be/);
  });

  it('that names a service which the profile does not run is refused', () => {
    const profile = defineProfile('production', { services: { replicasOf: { 'payment-sandbox': 2 } } });
    expect(() => manifestsOf(profile)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: 'profile production: services.replicasOf names payment-sandbox, which it does not run',
      }),
    );
  });

  it('says how large the volumes are and of which class', () => {
    const profile = defineProfile('production', { storageClass: 'fast', redis: { storageGiB: 50 } });
    for (const [name, storage] of Object.entries({ redis: '50Gi', rabbitmq: '20Gi' })) {
      expect(manifestsOf(profile).workload(name).volumeClaimTemplates?.[0]?.spec).toMatchObject({
        storageClassName: 'fast',
        resources: { requests: { storage } },
      });
    }
    const own = manifestsOf().workload('redis').volumeClaimTemplates?.[0]?.spec;
    expect(own).not.toHaveProperty('storageClassName');
  });

  it('says what a container is given', () => {
    const share = (request: number, limit: number) => ({ request, limit });
    const services = {
      size: { cpuMillis: share(10, 20), memoryMiB: share(30, 40), ephemeralMiB: share(50, 60) },
    };
    expect(manifestsOf(defineProfile('kind', { services })).container('auth-service').resources).toEqual({
      requests: { cpu: '10m', memory: '30Mi', 'ephemeral-storage': '50Mi' },
      limits: { cpu: '20m', memory: '40Mi', 'ephemeral-storage': '60Mi' },
    });
  });
});
