import { podSecurityPolicies } from '../../../charts/validation/policies/pod-security.ts';
import { at, type Cluster, describeRules, namespace, order } from './cluster.ts';

const nodeExporter = (c: Cluster) => c.pod('node-exporter', 'DaemonSet');

describeRules('What a pod may do', podSecurityPolicies, {
  restricted: [
    [`Deployment/${order}: hostNetwork is set`, (c) => Object.assign(c.pod(order), { hostNetwork: true })],
    [`Deployment/${order}: hostPID is set`, (c) => Object.assign(c.pod(order), { hostPID: true })],
    [
      `Deployment/${order}: volume tmp is a hostPath`,
      (c) => Object.assign(c.pod(order), { volumes: [{ name: 'tmp', hostPath: { path: '/tmp' } }] }),
    ],
    [
      `Deployment/${order}: volume tmp is a hostPath`,
      (c) => Object.assign(c.pod(order), { volumes: [{ name: 'tmp', hostPath: { path: '/' } }] }),
    ],
    [
      'DaemonSet/node-exporter: volume host is a hostPath',
      (c) => Object.assign(at(nodeExporter(c), 'volumes.0'), { hostPath: { path: '/var/run' } }),
    ],
    [
      'DaemonSet/node-exporter: volume host is a hostPath',
      (c) => delete at(nodeExporter(c), 'containers.0.volumeMounts.0')['readOnly'],
    ],
    [
      'DaemonSet/node-exporter: volume host is a hostPath',
      (c) => Object.assign(at(c.object('DaemonSet', 'node-exporter'), 'metadata'), { namespace }),
    ],
    [
      'DaemonSet/other: volume host is a hostPath',
      (c) => Object.assign(at(c.object('DaemonSet', 'node-exporter'), 'metadata'), { name: 'other' }),
    ],
    [
      'DaemonSet/node-exporter: hostNetwork is set',
      (c) => Object.assign(nodeExporter(c), { hostNetwork: true }),
    ],
    [
      'DaemonSet/node-exporter: container node-exporter: capabilities.add has SYS_TIME',
      (c) =>
        Object.assign(at(nodeExporter(c), 'containers.0.securityContext.capabilities'), {
          add: ['SYS_TIME'],
        }),
    ],
    [
      `Deployment/${order}: container ${order}: is privileged`,
      (c) => Object.assign(at(c.container(order), 'securityContext'), { privileged: true }),
    ],
    [
      `StatefulSet/redis: container redis: allowPrivilegeEscalation is not false`,
      (c) => delete at(c.container('redis', 'StatefulSet'), 'securityContext')['allowPrivilegeEscalation'],
    ],
    [
      `StatefulSet/rabbitmq: container rabbitmq: readOnlyRootFilesystem is not true`,
      (c) =>
        Object.assign(at(c.container('rabbitmq', 'StatefulSet'), 'securityContext'), {
          readOnlyRootFilesystem: false,
        }),
    ],
    [
      `Deployment/${order}: container ${order}: capabilities.drop is not ALL`,
      (c) => Object.assign(at(c.container(order), 'securityContext.capabilities'), { drop: ['NET_RAW'] }),
    ],
    [
      `Deployment/${order}: container ${order}: capabilities.add has SYS_TIME`,
      (c) => Object.assign(at(c.container(order), 'securityContext.capabilities'), { add: ['SYS_TIME'] }),
    ],
    [
      `Deployment/${order}: container ${order}: runAsNonRoot is not true`,
      (c) => delete at(c.pod(order), 'securityContext')['runAsNonRoot'],
    ],
    [
      `Deployment/${order}: container ${order}: seccompProfile is Unconfined`,
      (c) => Object.assign(at(c.pod(order), 'securityContext.seccompProfile'), { type: 'Unconfined' }),
    ],
    [
      `Deployment/${order}: container ${order}: seccompProfile is not set`,
      (c) => delete at(c.pod(order), 'securityContext')['seccompProfile'],
    ],
  ],
  identity: [
    [
      `Deployment/${order}: container ${order}: runs as 1000:10001`,
      (c) => Object.assign(at(c.pod(order), 'securityContext'), { runAsUser: 1000 }),
    ],
    [
      `Deployment/${order}: container ${order}: runs as 10001:undefined`,
      (c) => delete at(c.pod(order), 'securityContext')['runAsGroup'],
    ],
    [
      `StatefulSet/redis: container redis: runs as 998:1000`,
      (c) => Object.assign(at(c.pod('redis', 'StatefulSet'), 'securityContext'), { runAsUser: 998 }),
    ],
  ],
  'kubernetes-access': [
    [
      `Deployment/${order}: automountServiceAccountToken is not false`,
      (c) => delete c.pod(order)['automountServiceAccountToken'],
    ],
    [
      `Deployment/${order}: serviceAccountName ${order} does not exist`,
      (c) => c.remove('ServiceAccount', order),
    ],
    [`Deployment/${order}: serviceAccountName is not set`, (c) => delete c.pod(order)['serviceAccountName']],
    [
      `Deployment/${order}: enableServiceLinks is not false: REDIS_PORT would be a Service`,
      (c) => delete c.pod(order)['enableServiceLinks'],
    ],
  ],
});
