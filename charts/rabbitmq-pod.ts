import { k8s } from 'cdk8s-plus-27';
import { brokerCookieKey, brokerUsersKey } from './credentials.ts';
import { clusterPorts } from './flows.ts';
import type { Profile } from './profile.ts';
import { rabbitmqPorts } from './providers.ts';
import { definitionsDirectory, nodeName } from './rabbitmq-configuration.ts';
import { containerSecurity, isolatedPod, podSecurity, rabbitmqIdentity } from './restricted.ts';
import { resourcesOf, scratchVolume } from './size.ts';

const name = 'rabbitmq';
const home = '/var/lib/rabbitmq';
const data: k8s.VolumeMount = { name: 'data', mountPath: home };

/** What a drain may take at most: the wait for other nodes to catch up, and the hand-over itself. */
const drain = { quorumSeconds: 60, handOverSeconds: 20 };

/** The pod of a RabbitMQ node. */
export function brokerPod(profile: Profile): k8s.PodSpec {
  const clustered = profile.rabbitmq.nodes > 1;
  return {
    ...isolatedPod,
    serviceAccountName: name,
    securityContext: podSecurity(rabbitmqIdentity),
    terminationGracePeriodSeconds: clustered ? drain.quorumSeconds + drain.handOverSeconds + 60 : 60,
    ...(clustered && { initContainers: [cookieWriter(profile)] }),
    containers: [server(profile)],
    volumes: [
      { name: 'configuration', configMap: { name } },
      { name: 'users', secret: { secretName: name, items: [{ key: brokerUsersKey, path: brokerUsersKey }] } },
      ...(clustered
        ? [
            {
              name: 'cookie',
              secret: { secretName: name, items: [{ key: brokerCookieKey, path: 'cookie' }] },
            },
          ]
        : []),
      scratchVolume('logs', 32),
      scratchVolume('tmp', 32),
    ],
  };
}

function server(profile: Profile): k8s.Container {
  const clustered = profile.rabbitmq.nodes > 1;
  const ports = { ...rabbitmqPorts, ...clusterPorts };
  return {
    name,
    image: profile.rabbitmq.image,
    imagePullPolicy: 'IfNotPresent',
    ...(clustered && { env: clusterVariables(profile) }),
    ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort })),
    // The port opens once the definitions are loaded.
    readinessProbe: {
      tcpSocket: { port: k8s.IntOrString.fromString('amqp') },
      periodSeconds: 5,
      timeoutSeconds: 3,
      failureThreshold: 3,
    },
    // Asks only whether the node runs: one that waits for its peers is alive. The command is slow to start.
    livenessProbe: {
      exec: { command: ['rabbitmq-diagnostics', '--quiet', 'ping'] },
      initialDelaySeconds: 60,
      periodSeconds: 60,
      timeoutSeconds: 30,
      failureThreshold: 3,
    },
    ...(clustered && { lifecycle: { preStop: handOver } }),
    resources: resourcesOf(profile.rabbitmq.size),
    securityContext: containerSecurity,
    volumeMounts: [
      data,
      configurationFile('rabbitmq.conf', '/etc/rabbitmq/rabbitmq.conf'),
      configurationFile('advanced.config', '/etc/rabbitmq/advanced.config'),
      configurationFile('enabled_plugins', '/etc/rabbitmq/enabled_plugins'),
      // The virtual host comes first: a user's permissions need it.
      configurationFile('topology.json', `${definitionsDirectory}/10-topology.json`),
      { ...configurationFile(brokerUsersKey, `${definitionsDirectory}/20-users.json`), name: 'users' },
      { name: 'logs', mountPath: '/var/log/rabbitmq' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** One file at a time: a directory of a ConfigMap has entries of its own, which RabbitMQ would try to load. */
function configurationFile(file: string, mountPath: string): k8s.VolumeMount {
  return { name: 'configuration', mountPath, subPath: file, readOnly: true };
}

function clusterVariables({ namespace }: Profile): k8s.EnvVar[] {
  return [
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'RABBITMQ_USE_LONGNAME', value: 'true' },
    { name: 'RABBITMQ_NODENAME', value: nodeName('$(POD_NAME)', namespace) },
  ];
}

/** Erlang takes its cookie only from a file that belongs to it alone, which a mounted Secret never does. */
function cookieWriter(profile: Profile): k8s.Container {
  const file = `${home}/.erlang.cookie`;
  return {
    name: 'cookie',
    image: profile.rabbitmq.image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', `umask 077 && cat /run/cookie/cookie > ${file} && chmod 600 ${file}`],
    resources: resourcesOf(profile.rabbitmq.size),
    securityContext: containerSecurity,
    volumeMounts: [data, { name: 'cookie', mountPath: '/run/cookie', readOnly: true }],
  };
}

/** Lets other nodes catch up and take over the queues' leaders, within limits, whatever the outcome. */
const handOver: k8s.LifecycleHandler = {
  exec: {
    command: [
      'sh',
      '-c',
      `rabbitmq-upgrade --timeout ${drain.quorumSeconds} await_online_quorum_plus_one; ` +
        `rabbitmq-upgrade --timeout ${drain.handOverSeconds} drain; true`,
    ],
  },
};
