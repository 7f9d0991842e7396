import { z } from 'zod';
import { type CommandDeclaration, type CommandName, commands } from './commands.ts';
import type { Platform } from './platform.ts';
import type { Dependency, ServiceName } from './services.ts';

/** An environment variable: how it is read, who reads it and whether it is secret. */
export interface VariableDeclaration<Schema extends z.ZodType = z.ZodType> {
  readonly description: string;
  /** Parses the text of the variable; a default makes it optional. */
  readonly schema: Schema;
  /** Secret values come from a Secret and are never printed. */
  readonly secret?: boolean;
  /** Read by every role that uses one of these. */
  readonly usedWith?: readonly Dependency[];
  /** Read by these roles. */
  readonly usedBy?: readonly (ServiceName | CommandName)[] | 'all';
}

const host = z.string().regex(/^[A-Za-z0-9._-]+$|^\[?[0-9a-fA-F:]+\]?$/, 'must be a host name or an address');
const listOf = (each: RegExp, message: string) =>
  z
    .string()
    .transform((text) => text.split(',').map((entry) => entry.trim()))
    .refine((entries) => entries.every((entry) => each.test(entry)), { message });
const port = z.coerce.number<string>().int().min(1).max(65_535);
/** A timer of Node.js that is set for longer ends at once. */
const longestTimer = 2 ** 31 - 1;
const milliseconds = z.coerce.number<string>().int().min(1).max(longestTimer);
const hasHost = (text: string, schemes: readonly string[]) => {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return schemes.includes(protocol.slice(0, -1)) && hostname !== '';
};
const formOf = (schemes: readonly string[]) =>
  `must be a URL of the form ${schemes.map((scheme) => `${scheme}://…`).join(' or ')}`;
const url = (...schemes: readonly string[]) =>
  z.string().refine((text) => hasHost(text, schemes), { message: formOf(schemes) });
/** The members of a replica set are named one after another, which no URL allows (MongoDB, "Connection Strings"). */
const mongodbUri = (...schemes: readonly string[]) =>
  z.string().refine(
    (text) => {
      const [, start, hosts = ''] = /^([\w+]+:\/\/(?:[^/?#@]*@)?)([^/?#@]+)(?:[/?].*)?$/.exec(text) ?? [];
      return hosts.split(',').every((host) => hasHost(`${start}${host}`, schemes));
    },
    { message: formOf(schemes) },
  );
const proxy = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]);
const proxies = z
  .string()
  .refine((text) => text.split(',').every((each) => proxy.safeParse(each.trim()).success), {
    message: 'must be addresses or CIDR ranges, separated by commas',
  });

export const environment = {
  REDIS_URL: {
    description: 'Redis by URL; takes the place of REDIS_HOST, REDIS_PORT and REDIS_PASSWORD',
    schema: url('redis', 'rediss').optional(),
    secret: true,
    usedWith: ['redis'],
  },
  REDIS_HOST: { description: 'Host of Redis', schema: host.default('127.0.0.1'), usedWith: ['redis'] },
  REDIS_PORT: { description: 'Port of Redis', schema: port.default(6379), usedWith: ['redis'] },
  REDIS_PASSWORD: {
    description: 'Password of Redis',
    schema: z.string().optional(),
    secret: true,
    usedWith: ['redis'],
  },
  RABBITMQ_URL: {
    description: 'RabbitMQ by URL; takes the place of the other RABBITMQ_ variables',
    schema: url('amqp', 'amqps').optional(),
    secret: true,
    usedWith: ['rabbitmq'],
  },
  RABBITMQ_HOST: {
    description: 'Host of RabbitMQ',
    schema: host.default('127.0.0.1'),
    usedWith: ['rabbitmq'],
  },
  RABBITMQ_PORT: { description: 'AMQP port of RabbitMQ', schema: port.default(5672), usedWith: ['rabbitmq'] },
  RABBITMQ_USER: {
    description: 'User of RabbitMQ',
    schema: z.string().min(1).default('smarteats'),
    usedWith: ['rabbitmq'],
  },
  RABBITMQ_PASS: {
    description: 'Password of the RabbitMQ user',
    schema: z.string().default(''),
    secret: true,
    usedWith: ['rabbitmq'],
  },
  CELERY_BROKER_URL: {
    description: 'Broker of the Celery tasks, where it is not the RabbitMQ above',
    schema: url('amqp', 'amqps').optional(),
    secret: true,
    usedWith: ['rabbitmq'],
  },
  CELERY_RESULT_BACKEND: {
    description: 'Where Celery results are stored, where it is not the Redis above',
    schema: url('redis', 'rediss').optional(),
    secret: true,
    usedWith: ['redis'],
  },
  MONGODB_URI: {
    description: 'MongoDB for the records; they are in Redis unless given',
    schema: mongodbUri('mongodb', 'mongodb+srv').optional(),
    secret: true,
    usedWith: ['mongodb'],
  },
  HOST: { description: 'Address the HTTP server listens on', schema: host.default('0.0.0.0'), usedBy: 'all' },
  PORT: {
    description: "Port of the HTTP server; the service's declared port unless given",
    schema: port.optional(),
    usedBy: 'all',
  },
  LOG_LEVEL: {
    description: 'Least severe log level written',
    schema: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal']).default('info'),
    usedBy: 'all',
  },
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    description:
      'OpenTelemetry collector (OTLP over HTTP) that traces are sent to; none are recorded unless given',
    schema: url('http', 'https').optional(),
    usedBy: 'all',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    description: 'Part of the traces that is recorded, 0 to 1',
    schema: z.coerce.number<string>().min(0).max(1).default(1),
    usedBy: 'all',
  },
  SHUTDOWN_GRACE_MS: {
    description: 'Time a service takes at most to finish its work after SIGTERM, in milliseconds',
    schema: milliseconds.default(25_000),
    usedBy: 'all',
  },
  AUTH_SERVICE_URL: {
    description: 'Where the gateway finds the auth service',
    schema: url('http', 'https').default('http://127.0.0.1:4001'),
    usedWith: ['auth-service'],
  },
  RATE_LIMIT_PER_MINUTE: {
    description: 'Requests a minute allowed to one user, and to one address without a session',
    schema: z.coerce.number<string>().int().min(1).default(300),
    usedBy: ['api-gateway'],
  },
  PUBLIC_URL: {
    description: 'Where people reach the API, for links; links are paths of it unless given',
    schema: url('http', 'https').optional(),
    usedBy: ['api-gateway', 'analytics-worker', 'celery-worker'],
  },
  REPORT_LINK_SECRET: {
    description: 'What links to reports are signed with, at least 16 characters; there are no links without',
    schema: z.string().min(16).optional(),
    secret: true,
    usedBy: ['api-gateway', 'analytics-worker', 'celery-worker'],
  },
  REPORTS_DIRECTORY: {
    description:
      'Directory or shared volume that reports are kept in, where there is no bucket; without both, Redis',
    schema: z.string().min(1).optional(),
    usedBy: ['api-gateway', 'analytics-worker'],
  },
  REPORTS_S3_BUCKET: {
    description: 'Bucket that reports are kept in, in Amazon S3 or a storage that speaks its API',
    schema: z.string().min(3).max(63).optional(),
    usedWith: ['object-storage'],
  },
  REPORTS_S3_REGION: {
    description: "The bucket's region, where AWS_REGION does not say it",
    schema: z.string().min(1).optional(),
    usedWith: ['object-storage'],
  },
  REPORTS_S3_ENDPOINT: {
    description: "The bucket's storage, where it is not Amazon's own",
    schema: url('http', 'https').optional(),
    usedWith: ['object-storage'],
  },
  REPORTS_S3_ACCESS_KEY_ID: {
    description: 'Access key of the bucket, where the pod has no identity of its own',
    schema: z.string().min(1).optional(),
    secret: true,
    usedWith: ['object-storage'],
  },
  REPORTS_S3_SECRET_ACCESS_KEY: {
    description: 'Secret of that access key',
    schema: z.string().min(1).optional(),
    secret: true,
    usedWith: ['object-storage'],
  },
  FOOD_IMAGE_ALLOWED_HOSTS: {
    description:
      'Hosts that pictures may come from (`*.example.org` for all below it); any public one unless given',
    schema: listOf(
      /^(\*\.)?[\w.-]+(:\d+)?$/,
      'must be host names such as cdn.example.org or *.example.org, separated by commas',
    ).optional(),
    usedBy: ['ai-worker'],
  },
  FOOD_IMAGE_PRIVATE_HOSTS: {
    description:
      'Hosts, each with its port, that pictures may come from although their addresses are not public',
    schema: listOf(/^([\w.-]+|\[[0-9a-fA-F:]+\]):\d+$/, 'must be host:port, separated by commas').optional(),
    usedBy: ['ai-worker'],
  },
  FOOD_VISION_URL: {
    description: 'Base URL of a model that looks at pictures of food, of the form of the OpenAI API',
    schema: url('http', 'https').optional(),
    usedBy: ['ai-worker'],
  },
  FOOD_VISION_MODEL: {
    description: 'Name of that model',
    schema: z.string().min(1).default('gpt-4o-mini'),
    usedBy: ['ai-worker'],
  },
  FOOD_VISION_API_KEY: {
    description: 'Key of that model',
    schema: z.string().min(1).optional(),
    secret: true,
    usedBy: ['ai-worker'],
  },
  FOOD_MODEL_PATH: {
    description:
      'ONNX file of a classifier of pictures, where no model is called; without both, dishes are not named',
    schema: z.string().min(1).optional(),
    usedBy: ['ai-worker'],
  },
  FOOD_MODEL_LABELS: {
    description: "File with the names of the classifier's classes, one a line",
    schema: z.string().min(1).optional(),
    usedBy: ['ai-worker'],
  },
  TRUST_PROXY: {
    description: 'Addresses (CIDR, comma separated) of the proxies whose X-Forwarded-For is believed',
    schema: proxies.optional(),
    usedBy: ['api-gateway'],
  },
  PAYMENT_API_URL: {
    description:
      'Base URL of the payment provider, where it is not Stripe itself (the sandbox speaks the same API)',
    schema: url('http', 'https').optional(),
    usedWith: ['payment-provider'],
  },
  STRIPE_SECRET_KEY: {
    description: 'Secret key of the payment provider',
    schema: z.string().min(1).default('sk_test_sandbox'),
    secret: true,
    usedWith: ['payment-provider'],
  },
  SMTP_URL: {
    description: 'Mail server',
    schema: url('smtp', 'smtps').default('smtp://127.0.0.1:4025'),
    secret: true,
    usedWith: ['mail'],
  },
  MAIL_FROM: {
    description: 'Sender of the mails',
    schema: z
      .string()
      .regex(
        /^([^<>]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/,
        'must be an address, or of the form Name <address>',
      )
      .default('SmartEats <orders@smarteats.example>'),
    usedWith: ['mail'],
  },
  SMS_API_URL: {
    description: 'Where SMS are posted as JSON {to, body}',
    schema: url('http', 'https').default('http://127.0.0.1:4011/sms'),
    usedWith: ['sms'],
  },
  SMS_API_TOKEN: {
    description: 'Bearer token of the SMS provider',
    schema: z.string().optional(),
    secret: true,
    usedWith: ['sms'],
  },
  JOB_NAME: {
    description: 'Name of the Kubernetes Job, which ends in the minute that its CronJob scheduled it for',
    schema: z.string().optional(),
    usedBy: ['enqueue'],
  },
  SMTP_PORT: {
    description: "Port of the message catcher's mail server; its declared port unless given",
    schema: port.optional(),
    usedBy: ['message-catcher'],
  },
  SANDBOX_LEDGER_FILE: {
    description: 'File in which the payment sandbox keeps its ledger; in memory only unless given',
    schema: z.string().optional(),
    usedBy: ['payment-sandbox'],
  },
} as const satisfies Record<string, VariableDeclaration>;

export type VariableName = keyof typeof environment;

/** The parsed value of each variable. */
export type Environment = { readonly [Name in VariableName]: z.output<(typeof environment)[Name]['schema']> };

/** The names of the variables that one service or command reads: those used by it, and those of what it uses. */
export function variablesOf(platform: Platform, role: string): readonly VariableName[] {
  const declared: Readonly<Record<string, CommandDeclaration>> = commands;
  const uses: readonly string[] = (platform.services[role] ?? declared[role])?.uses ?? [];
  return namesOfVariables.filter((name) => {
    const { usedBy, usedWith }: VariableDeclaration = environment[name];
    if (usedBy === 'all') return true;
    const readers: readonly string[] = usedBy ?? [];
    return readers.includes(role) || (usedWith ?? []).some((dependency) => uses.includes(dependency));
  });
}

// Object.keys gives string[]; the names are exactly the keys of the declaration.
const namesOfVariables = Object.keys(environment) as VariableName[];
