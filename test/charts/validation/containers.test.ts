import { containerPolicies } from '../../../charts/validation/policies/containers.ts';
import { at, describeRules, order } from './cluster.ts';

describeRules('How a container is run', containerPolicies, {
  resources: [
    [
      `Deployment/${order}: container ${order}: no ephemeral-storage in resources.limits`,
      (c) => delete at(c.container(order), 'resources.limits')['ephemeral-storage'],
    ],
    [
      `Deployment/${order}: container ${order}: no cpu in resources.requests`,
      (c) => delete at(c.container(order), 'resources')['requests'],
    ],
  ],
  probes: [
    [
      `Deployment/${order}: container ${order}: no readinessProbe`,
      (c) => delete c.container(order)['readinessProbe'],
    ],
    [
      `StatefulSet/redis: container redis: no livenessProbe`,
      (c) => delete c.container('redis', 'StatefulSet')['livenessProbe'],
    ],
    [
      `Deployment/${order}: container ${order}: liveness and readiness ask the same`,
      (c) => Object.assign(at(c.container(order), 'livenessProbe.httpGet'), { path: '/readyz' }),
    ],
  ],
  'pinned-images': [
    [
      `Deployment/${order}: container ${order}: image smarteats has no fixed tag`,
      (c) => Object.assign(c.container(order), { image: 'smarteats' }),
    ],
    [
      `Deployment/${order}: container ${order}: image localhost:5001/smarteats has no fixed tag`,
      (c) => Object.assign(c.container(order), { image: 'localhost:5001/smarteats' }),
    ],
    [
      `StatefulSet/redis: container redis: image redis:latest has no fixed tag`,
      (c) => Object.assign(c.container('redis', 'StatefulSet'), { image: 'redis:latest' }),
    ],
  ],
  'no-literal-secrets': [
    [
      `Deployment/${order}: container ${order}: REDIS_PASSWORD is given as a literal`,
      (c) => Object.assign(c.container(order), { env: [{ name: 'REDIS_PASSWORD', value: 'x' }] }),
    ],
    [
      `Deployment/${order}: container ${order}: API_TOKEN is given as a literal`,
      (c) => Object.assign(c.container(order), { env: [{ name: 'API_TOKEN', value: 'x' }] }),
    ],
    [
      `Deployment/${order}: container ${order}: UPSTREAM is given as a literal`,
      (c) =>
        Object.assign(c.container(order), {
          env: [{ name: 'UPSTREAM', value: 'https://me:word@example.org' }],
        }),
    ],
    [
      `Deployment/${order}: container ${order}: a URL with credentials in its arguments`,
      (c) => Object.assign(c.container(order), { args: ['--to=amqp://me:word@rabbitmq'] }),
    ],
    [
      'ConfigMap/redis: redis.conf holds credentials',
      (c) =>
        Object.assign(at(c.object('ConfigMap', 'redis'), 'data'), { 'redis.conf': 'requirepass word\n' }),
    ],
    [
      'ConfigMap/rabbitmq: topology.json holds credentials',
      (c) =>
        Object.assign(at(c.object('ConfigMap', 'rabbitmq'), 'data'), {
          'topology.json': '{"users": [{\n  "password_hash": "x"}]}',
        }),
    ],
  ],
});
