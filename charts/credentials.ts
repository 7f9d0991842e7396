import { k8s } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import { environment } from '../workers/platform/environment.ts';
import type { Platform } from '../workers/platform/platform.ts';
import { rabbitmqDefinitions, rabbitmqPasswordHash } from '../workers/platform/rabbitmq-definitions.ts';
import { alertingSecret } from './alerting.ts';
import type { flowerKeys } from './flower.ts';
import type { Profile } from './profile.ts';
import { providerOf, rabbitmqPorts } from './providers.ts';
import { SystemChart } from './system-chart.ts';

/** The user of RabbitMQ that the services are; its name is no secret. */
export const brokerUser = environment.RABBITMQ_USER.schema.parse(undefined);

/** Key in the Secret `rabbitmq`: definitions of the broker's users and what each may do. */
export const brokerUsersKey = 'users.json';

/** Key in the Secret `rabbitmq`: its address with user and password, for what connects from elsewhere. */
export const brokerUrlKey = 'RABBITMQ_URL';

/** Key in the Secret `rabbitmq`: what the nodes of a cluster know each other by. */
export const brokerCookieKey = 'erlang-cookie';

/** The Secret, and the key in it, with the password of the demo accounts. */
export const demoPassword = { secret: 'demo-accounts', key: 'DEMO_PASSWORD' } as const;

/**
 * Secrets with well-known contents, so that the `kind` profile starts without preparation; other profiles find
 * theirs in the cluster. A Secret is named after the dependency it is for, and its keys after the variables
 * that hold the values in the services.
 */
export class CredentialsChart extends SystemChart {
  constructor(scope: Construct, id: string, platform: Platform, profile: Profile) {
    super(scope, id, profile);
    for (const [name, stringData] of Object.entries(wellKnownSecrets(platform, profile))) {
      new k8s.KubeSecret(this, name, { metadata: { name }, type: 'Opaque', stringData });
    }
  }
}

function wellKnownSecrets(
  platform: Platform,
  profile: Profile,
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const mail = providerOf(platform, profile, 'mail');
  const sms = providerOf(platform, profile, 'sms');
  const payment = providerOf(platform, profile, 'payment-provider');
  return {
    ...(providerOf(platform, profile, 'redis') && { redis: { REDIS_PASSWORD: wellKnownPassword } }),
    ...(providerOf(platform, profile, 'rabbitmq') && {
      rabbitmq: {
        RABBITMQ_PASS: wellKnownPassword,
        [brokerUrlKey]: `amqp://${brokerUser}:${wellKnownPassword}@rabbitmq.${profile.namespace}.svc:${rabbitmqPorts.amqp}/`,
        [brokerUsersKey]: brokerUsers(platform),
        [brokerCookieKey]: wellKnownPassword,
      },
    }),
    ...(payment && {
      'payment-provider': { STRIPE_SECRET_KEY: environment.STRIPE_SECRET_KEY.schema.parse(undefined) },
    }),
    ...(sms && {
      [alertingSecret.name]: {
        [alertingSecret.keys.slack]: `http://${sms.workload}:${sms.port}/slack`,
      },
    }),
    ...(mail && { mail: { SMTP_URL: `smtp://${mail.workload}:${mail.port}` } }),
    reports: { REPORT_LINK_SECRET: wellKnownPassword },
    [demoPassword.secret]: { [demoPassword.key]: wellKnownPassword },
    grafana: { GF_SECURITY_ADMIN_PASSWORD: wellKnownPassword },
    ...(providerOf(platform, profile, 'rabbitmq') && { flower: flowerSecret() }),
  };
}

function flowerSecret(): Readonly<Record<(typeof flowerKeys)[number], string>> {
  const login = `${flowerUser}:${wellKnownPassword}`;
  return {
    CELERY_BROKER_URL: `amqp://${login}@rabbitmq:${rabbitmqPorts.amqp}//`,
    FLOWER_BROKER_API: `http://${login}@rabbitmq:${rabbitmqPorts.management}/api/`,
    FLOWER_BASIC_AUTH: `admin:${wellKnownPassword}`,
  };
}

const wellKnownPassword = 'smarteats-on-kind';

/** The user of RabbitMQ that Flower is. */
const flowerUser = 'flower';

/** What Celery names the exchanges and queues of its events and of its remote control; Flower needs no others. */
const flowerResources = '^(celeryev(\\..+)?|(.+\\.)?celery\\.pidbox)$';

function brokerUsers(platform: Platform): string {
  // The password is public anyway, and a fixed salt keeps the manifests the same from one synthesis to the next.
  const passwordHash = rabbitmqPasswordHash(wellKnownPassword, Buffer.from('kind'));
  const { users, permissions } = rabbitmqDefinitions(platform, {
    users: [
      { name: brokerUser, passwordHash, tags: ['administrator'] },
      { name: flowerUser, passwordHash, tags: ['monitoring'], resources: flowerResources },
    ],
  });
  return `${JSON.stringify({ users, permissions }, null, 2)}\n`;
}
