import { isIP } from 'node:net';
import { environment, type VariableDeclaration } from '../workers/platform/environment.ts';
import { foodModelProblems } from './food-model.ts';
import type { OutsideProps, Profile } from './profile.ts';

/** Every option of a profile that cannot be used, each as a phrase that says what it must be. */
export function* profileProblems(profile: Profile, outsideNames: readonly string[]): Generator<string> {
  const { services, autoscaling, redis, rabbitmq, prometheus, alertmanager } = profile;
  for (const [name, namespace] of Object.entries({
    namespace: profile.namespace,
    'autoscaling.namespace': autoscaling.namespace,
    'nodes.namespace': profile.nodes.namespace,
  })) {
    if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(namespace))
      yield `${name} must be lower case letters, digits and - (is ${quote(namespace)})`;
  }
  if (profile.nodes.namespace === profile.namespace)
    yield `nodes.namespace must be another than the platform's, in which no pod may look at its node`;
  for (const image of [profile.image, ...Object.values(serversOf(profile)).map((server) => server.image)]) {
    if (
      !/^[a-z0-9][a-z0-9._:/-]*:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/.test(image) ||
      image.endsWith(':latest')
    )
      yield `an image must be NAME:TAG with a tag other than latest (is ${quote(image)})`;
  }
  const counts = {
    'services.replicas': services.replicas,
    ...prefixed('services.replicasOf.', services.replicasOf),
    'autoscaling.maxReplicas': autoscaling.maxReplicas,
    'redis.storageGiB': redis.storageGiB,
    'rabbitmq.storageGiB': rabbitmq.storageGiB,
    'rabbitmq.nodes': rabbitmq.nodes,
    'prometheus.replicas': prometheus.replicas,
    'prometheus.retentionDays': prometheus.retentionDays,
    'prometheus.storageGiB': prometheus.storageGiB,
    'alertmanager.replicas': alertmanager.replicas,
    'alertmanager.storageGiB': alertmanager.storageGiB,
  };
  for (const [name, count] of Object.entries(counts)) {
    if (!Number.isInteger(count) || count < 1) yield `${name} must be a whole number from 1 (is ${count})`;
  }
  if (rabbitmq.nodes % 2 === 0) yield `rabbitmq.nodes must be odd (is ${rabbitmq.nodes})`;
  yield* sizeProblems(profile);
  yield* outsideProblems(profile, outsideNames);
  yield* endProblems('kubernetesApi', profile.kubernetesApi);
  yield* endProblems('nodes.kubelets', profile.nodes.kubelets);
  yield* alertingProblems(profile);
  yield* portProblems('flower.managementPorts', profile.flower.managementPorts);
  yield* labelProblems(profile);
  yield* foodModelProblems(profile);
  yield* environmentProblems(profile);
}

/** Everything that is run from somebody else's image. */
function serversOf(profile: Profile) {
  const { redis, rabbitmq, prometheus, alertmanager, grafana, redisExporter, flower, nodes } = profile;
  return { redis, rabbitmq, prometheus, alertmanager, grafana, redisExporter, flower, nodes };
}

function* sizeProblems(profile: Profile): Generator<string> {
  for (const [owner, { size }] of Object.entries({ services: profile.services, ...serversOf(profile) })) {
    for (const [name, { request, limit }] of Object.entries(size)) {
      if (!(request > 0 && request <= limit))
        yield `${owner}.size.${name} needs a request above 0 and a limit not below it`;
    }
  }
}

function* outsideProblems({ outside }: Profile, names: readonly string[]): Generator<string> {
  for (const [name, end] of Object.entries(outside)) {
    if (!names.includes(name)) yield `outside must name ${names.join(', ')} (is ${quote(name)})`;
    else yield* endProblems(`outside.${name}`, end);
  }
}

/** Mails to nobody and links to nowhere would be found out in the first alert. */
function* alertingProblems({ alerting, runbooks }: Profile): Generator<string> {
  const { from, to, smarthost } = alerting;
  for (const [name, address] of Object.entries({ from, to })) {
    if (!/^[^@\s]\S*@\S+$|^[^<>]*<\S+@\S+>$/.test(address))
      yield `alerting.${name} must be a mail address (is ${quote(address)})`;
  }
  if (!/^[\w.-]+:\d{1,5}$/.test(smarthost))
    yield `alerting.smarthost must be host:port (is ${quote(smarthost)})`;
  if (runbooks !== '' && !(URL.canParse(runbooks) && /^https?:.*\/$/.test(runbooks)))
    yield `runbooks must be a URL that ends with / (is ${quote(runbooks)})`;
  yield* endProblems('alerting.slack', alerting.slack);
}

function* endProblems(name: string, { ports, cidrs }: Required<OutsideProps>): Generator<string> {
  yield* portProblems(`${name}.ports`, ports);
  if (cidrs.length === 0 || !cidrs.every(isCidr)) yield `${name}.cidrs must be networks such as 10.0.0.0/8`;
}

function* portProblems(name: string, ports: readonly number[]): Generator<string> {
  if (ports.length === 0 || ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535))
    yield `${name} must be ports from 1 to 65535`;
}

/** Without a label a Prometheus would find the monitors of everybody (Kubernetes documentation, "Labels and Selectors"). */
function* labelProblems({ monitorLabels }: Profile): Generator<string> {
  const labels = Object.entries(monitorLabels);
  const name = /^([a-z0-9.-]+\/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/;
  const value = /^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$/;
  if (labels.length === 0 || !labels.every(([key, text]) => name.test(key) && value.test(text)))
    yield `monitorLabels must be labels of Kubernetes, at least one (are ${JSON.stringify(monitorLabels)})`;
}

function* environmentProblems(profile: Profile): Generator<string> {
  const declared: Readonly<Record<string, VariableDeclaration>> = environment;
  for (const [name, value] of Object.entries(profile.environment)) {
    const declaration = declared[name];
    if (declaration === undefined) yield `environment.${name} is not a declared variable`;
    else if (declaration.secret) yield `environment.${name} is secret and belongs into a Secret`;
    else {
      const parsed = declaration.schema.safeParse(value);
      if (!parsed.success)
        yield `environment.${name}: ${parsed.error.issues[0]?.message} (is ${quote(value)})`;
    }
  }
}

function isCidr(text: string): boolean {
  const [address, bits, ...rest] = text.split('/');
  const version = isIP(address ?? '');
  const most = version === 4 ? 32 : 128;
  return version > 0 && rest.length === 0 && /^\d{1,3}$/.test(bits ?? '') && Number(bits) <= most;
}

function prefixed(prefix: string, counts: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [prefix + name, count]));
}

function quote(value: string): string {
  return JSON.stringify(value);
}
