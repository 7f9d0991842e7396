import type { k8s } from 'cdk8s-plus-27';
import { type CommandName, commands } from '../workers/platform/commands.ts';
import { type VariableName, variablesOf } from '../workers/platform/environment.ts';
import { PlatformError } from '../workers/platform/errors.ts';
import type { Platform } from '../workers/platform/platform.ts';
import type { Dependency } from '../workers/platform/services.ts';
import { brokerUser } from './credentials.ts';
import { graceOf } from './grace.ts';
import type { Profile } from './profile.ts';
import { dependenciesIn, type Provider, providerOf } from './providers.ts';

/** Where the value of a variable comes from: the manifest itself, a label of the pod, or a key of a Secret. */
type Source =
  | { readonly value: string }
  | { readonly label: string }
  | { readonly secret: string; readonly key: string; readonly optional?: boolean };

type Sources = Partial<Readonly<Record<VariableName, Source>>>;

/**
 * The environment of one service's container, in the order of the declarations: what it uses, its own settings,
 * and the profile's plain variables. A variable that nothing sets keeps its declared default.
 *
 * @param own variables that the workload sets itself
 * @throws PlatformError CONFIG_INVALID if the profile sets a variable that the manifests set
 */
export function variablesOfContainer(
  platform: Platform,
  profile: Profile,
  service: string,
  own: Partial<Readonly<Record<VariableName, string>>> = {},
): k8s.EnvVar[] {
  const declaration = platform.services[service];
  const { smtp } = declaration?.extraPorts ?? {};
  const sources: Sources = {
    ...sourcesOfUses(platform, profile, declaration?.uses ?? []),
    PORT: { value: String(declaration?.port) },
    SHUTDOWN_GRACE_MS: { value: String(graceOf(platform, service).shutdownMs) },
    ...optionalSecrets,
    ...(smtp === undefined ? {} : { SMTP_PORT: { value: String(smtp) } }),
    ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, { value }])),
  };
  return variablesFrom(sources, platform, profile, service);
}

/**
 * The environment of a command's container, likewise. The command hears from a label which Job it runs for.
 *
 * @throws PlatformError CONFIG_INVALID if the profile sets a variable that the manifests set
 */
export function variablesOfCommand(platform: Platform, profile: Profile, command: CommandName): k8s.EnvVar[] {
  const sources: Sources = {
    ...sourcesOfUses(platform, profile, commands[command].uses),
    JOB_NAME: { label: 'batch.kubernetes.io/job-name' },
  };
  return variablesFrom(sources, platform, profile, command);
}

/** Without the first there are no links, which whoever wants one is told; without the second a model asks for no key. */
const optionalSecrets: Sources = {
  REPORT_LINK_SECRET: { secret: 'reports', key: 'REPORT_LINK_SECRET', optional: true },
  FOOD_VISION_API_KEY: { secret: 'food-vision', key: 'FOOD_VISION_API_KEY', optional: true },
};

function variablesFrom(sources: Sources, platform: Platform, profile: Profile, role: string): k8s.EnvVar[] {
  return variablesOf(platform, role).flatMap((name) => {
    const source = sources[name];
    const setting = profile.environment[name];
    if (source && setting !== undefined) {
      const message = `profile ${profile.name}: environment.${name} is set by the manifests`;
      throw new PlatformError('CONFIG_INVALID', message);
    }
    if (source) return [variable(name, source)];
    return setting === undefined ? [] : [variable(name, { value: setting })];
  });
}

function sourcesOfUses(platform: Platform, profile: Profile, uses: readonly Dependency[]): Sources {
  return Object.assign(
    {},
    ...dependenciesIn(profile, uses).map((each) =>
      sourcesOfDependency(each, providerOf(platform, profile, each)),
    ),
  );
}

/** How a service finds a dependency: in the cluster by name, outside it by what a Secret says. */
function sourcesOfDependency(dependency: Dependency, inside: Provider | undefined): Sources {
  const secret = (key: VariableName, optional = false): Source => ({ secret: dependency, key, optional });
  const address = inside && `${inside.workload}:${inside.port}`;
  switch (dependency) {
    case 'redis':
      if (!inside) return { REDIS_URL: secret('REDIS_URL') };
      return {
        REDIS_HOST: { value: inside.workload },
        REDIS_PORT: { value: String(inside.port) },
        REDIS_PASSWORD: secret('REDIS_PASSWORD'),
      };
    case 'mongodb':
      return { MONGODB_URI: secret('MONGODB_URI') };
    case 'rabbitmq':
      if (!inside) return { RABBITMQ_URL: secret('RABBITMQ_URL') };
      return {
        RABBITMQ_HOST: { value: inside.workload },
        RABBITMQ_PORT: { value: String(inside.port) },
        RABBITMQ_USER: { value: brokerUser },
        RABBITMQ_PASS: secret('RABBITMQ_PASS'),
      };
    case 'auth-service':
      return { AUTH_SERVICE_URL: { value: `http://${address}` } };
    case 'payment-provider':
      return {
        ...(address && { PAYMENT_API_URL: { value: `http://${address}` } }),
        STRIPE_SECRET_KEY: secret('STRIPE_SECRET_KEY'),
      };
    case 'mail':
      return { SMTP_URL: secret('SMTP_URL') };
    case 'sms':
      if (address) return { SMS_API_URL: { value: `http://${address}/sms` } };
      return { SMS_API_URL: secret('SMS_API_URL'), SMS_API_TOKEN: secret('SMS_API_TOKEN', true) };
    case 'object-storage':
      return {
        REPORTS_S3_BUCKET: secret('REPORTS_S3_BUCKET'),
        REPORTS_S3_REGION: secret('REPORTS_S3_REGION', true),
        REPORTS_S3_ENDPOINT: secret('REPORTS_S3_ENDPOINT', true),
        // A pod may have an identity of its own instead.
        REPORTS_S3_ACCESS_KEY_ID: secret('REPORTS_S3_ACCESS_KEY_ID', true),
        REPORTS_S3_SECRET_ACCESS_KEY: secret('REPORTS_S3_SECRET_ACCESS_KEY', true),
      };
    case 'internet':
      return {};
  }
}

function variable(name: VariableName, source: Source): k8s.EnvVar {
  if ('value' in source) return { name, value: source.value };
  if ('label' in source)
    return { name, valueFrom: { fieldRef: { fieldPath: `metadata.labels['${source.label}']` } } };
  const { secret, key, optional } = source;
  return { name, valueFrom: { secretKeyRef: { name: secret, key, ...(optional && { optional }) } } };
}
