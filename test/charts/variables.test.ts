import { describe, expect, it } from '@jest/globals';
import { defineProfile, type ProfileProps } from '../../charts/profile.ts';
import { environment, type VariableDeclaration, variablesOf } from '../../workers/platform/environment.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type Manifests, manifestsOf } from './manifests.ts';

const profiles: readonly (readonly [string, Manifests])[] = [
  ['kind', manifestsOf()],
  ['production', manifestsOf(defineProfile('production'))],
  [
    'production with everything outside',
    manifestsOf(defineProfile('production', { outside: { redis: {}, rabbitmq: {} } })),
  ],
];
const [[, kind]] = profiles as [(typeof profiles)[number]];
const declarations: Readonly<Record<string, VariableDeclaration>> = environment;

function secretOf(manifests: Manifests, service: string, name: string): string {
  const reference = manifests.variable(service, name)?.valueFrom?.secretKeyRef;
  return `${reference?.name}/${reference?.key}`;
}

function failureOf(props: ProfileProps): unknown {
  try {
    return manifestsOf(defineProfile('production', props));
  } catch (error) {
    return error;
  }
}

describe.each(profiles)('the environment of the containers (%s)', (_, manifests) => {
  const services = manifests.serviceNames();

  it('has only variables that the service reads', () => {
    for (const service of services) {
      const set = manifests.container(service).env?.map(({ name }) => name) ?? [];
      expect(variablesOf(smartEats, service)).toEqual(expect.arrayContaining(set));
      expect(new Set(set).size).toBe(set.length);
    }
  });

  it('takes every secret from a Secret, and gives every plain value in the declared form', () => {
    for (const service of services) {
      for (const { name, value } of manifests.container(service).env ?? []) {
        if (declarations[name]?.secret) expect([name, value]).toEqual([name, undefined]);
        else if (value !== undefined)
          expect([name, declarations[name]?.schema.safeParse(value).success]).toEqual([name, true]);
      }
    }
  });

  it('leaves no address at its default, which is that of a laptop', () => {
    const replaced: Readonly<Record<string, string>> = {
      REDIS_HOST: 'REDIS_URL',
      RABBITMQ_HOST: 'RABBITMQ_URL',
    };
    for (const service of services) {
      for (const name of variablesOf(smartEats, service)) {
        const local = String(declarations[name]?.schema.safeParse(undefined).data).includes('127.0.0.1');
        const set = [name, replaced[name] ?? name].some((each) => manifests.variable(service, each));
        if (local) expect([service, name, set]).toEqual([service, name, true]);
      }
    }
  });

  it('finds every Secret it needs in the manifests, if the profile makes them', () => {
    if (!manifests.names('Secret').includes('redis')) return;
    for (const service of services) {
      for (const { valueFrom } of manifests.container(service).env ?? []) {
        const reference = valueFrom?.secretKeyRef;
        if (reference && !reference.optional)
          expect(manifests.get('Secret', reference.name).stringData?.[reference.key]).toBeDefined();
      }
    }
  });
});

describe('the way to a dependency', () => {
  it('leads to the Services of the cluster on kind', () => {
    const value = (service: string, name: string) => kind.variable(service, name)?.value;
    expect(value('order-service', 'REDIS_HOST')).toBe('redis');
    expect(value('order-service', 'RABBITMQ_HOST')).toBe('rabbitmq');
    expect(value('api-gateway', 'AUTH_SERVICE_URL')).toBe('http://auth-service:4001');
    expect(value('payment-service', 'PAYMENT_API_URL')).toBe('http://payment-sandbox:4010');
    expect(value('notification-service', 'SMS_API_URL')).toBe('http://message-catcher:4011/sms');
    expect(secretOf(kind, 'order-service', 'REDIS_PASSWORD')).toBe('redis/REDIS_PASSWORD');
    expect(secretOf(kind, 'order-service', 'RABBITMQ_PASS')).toBe('rabbitmq/RABBITMQ_PASS');
    expect(secretOf(kind, 'payment-service', 'STRIPE_SECRET_KEY')).toBe('payment-provider/STRIPE_SECRET_KEY');
    expect(secretOf(kind, 'notification-service', 'SMTP_URL')).toBe('mail/SMTP_URL');
    expect(kind.get('Secret', 'mail').stringData).toEqual({ SMTP_URL: 'smtp://message-catcher:4025' });
  });

  it('is in Secrets for what is outside, and a managed server is known by its URL alone', () => {
    const outside = manifestsOf(defineProfile('production', { outside: { redis: {}, rabbitmq: {} } }));
    expect(secretOf(outside, 'order-service', 'REDIS_URL')).toBe('redis/REDIS_URL');
    expect(secretOf(outside, 'order-service', 'RABBITMQ_URL')).toBe('rabbitmq/RABBITMQ_URL');
    for (const name of ['REDIS_HOST', 'REDIS_PASSWORD', 'RABBITMQ_HOST', 'RABBITMQ_PASS'])
      expect(outside.variable('order-service', name)).toBeUndefined();
    expect(secretOf(outside, 'payment-service', 'STRIPE_SECRET_KEY')).toBe(
      'payment-provider/STRIPE_SECRET_KEY',
    );
    expect(outside.variable('payment-service', 'PAYMENT_API_URL')).toBeUndefined();
    expect(secretOf(outside, 'notification-service', 'SMS_API_URL')).toBe('sms/SMS_API_URL');
    expect(outside.variable('notification-service', 'SMS_API_TOKEN')?.valueFrom?.secretKeyRef?.optional).toBe(
      true,
    );
    expect(outside.names('StatefulSet')).toEqual([]);
  });
});

describe('what a profile may be without', () => {
  const managed = manifestsOf(defineProfile('production', { outside: { mongodb: {} } }));

  it('is MongoDB: only a profile that has it gives its address to whoever has records, out of a Secret', () => {
    expect(kind.variable('order-service', 'MONGODB_URI')).toBeUndefined();
    for (const service of ['api-gateway', 'order-service', 'analytics-worker'])
      expect(secretOf(managed, service, 'MONGODB_URI')).toBe('mongodb/MONGODB_URI');
    expect(
      managed.variable('order-service', 'MONGODB_URI')?.valueFrom?.secretKeyRef?.optional,
    ).toBeUndefined();
  });

  it('is a bucket: production has one for reports, and kind keeps them in Redis', () => {
    for (const service of ['api-gateway', 'analytics-worker']) {
      expect(secretOf(managed, service, 'REPORTS_S3_BUCKET')).toBe('object-storage/REPORTS_S3_BUCKET');
      const key = managed.variable(service, 'REPORTS_S3_SECRET_ACCESS_KEY')?.valueFrom?.secretKeyRef;
      expect([key?.name, key?.optional]).toEqual(['object-storage', true]);
      for (const name of ['REPORTS_S3_BUCKET', 'REPORTS_DIRECTORY'])
        expect(kind.variable(service, name)).toBeUndefined();
    }
    expect(managed.variable('order-service', 'REPORTS_S3_BUCKET')).toBeUndefined();
  });
});

describe("the profile's own variables", () => {
  it('are set on every service that reads them and on no other', () => {
    const told = manifestsOf(
      defineProfile('kind', { environment: { LOG_LEVEL: 'debug', RATE_LIMIT_PER_MINUTE: '60' } }),
    );
    for (const service of told.serviceNames()) {
      expect(told.variable(service, 'LOG_LEVEL')?.value).toBe('debug');
      const limit = told.variable(service, 'RATE_LIMIT_PER_MINUTE')?.value;
      expect(limit).toBe(service === 'api-gateway' ? '60' : undefined);
    }
  });

  it('cannot replace what the manifests set', () => {
    expect(failureOf({ environment: { REDIS_HOST: 'elsewhere' } })).toMatchObject({
      code: 'CONFIG_INVALID',
      message: 'profile production: environment.REDIS_HOST is set by the manifests',
    });
    expect(failureOf({ environment: { SHUTDOWN_GRACE_MS: '1' } })).toMatchObject({ code: 'CONFIG_INVALID' });
  });

  it('cannot hold a secret, an unknown name or a value that the service would refuse', () => {
    const props: ProfileProps = { environment: { STRIPE_SECRET_KEY: 'sk_live', LOG_LEVEL: 'loud' } };
    expect(failureOf(props)).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/STRIPE_SECRET_KEY is secret.*LOG_LEVEL/),
    });
    expect(String(failureOf(props))).not.toContain('sk_live');
    const unknown: Record<string, string> = { LOGLEVEL: 'info' };
    expect(failureOf({ environment: unknown })).toMatchObject({
      message: 'profile production: environment.LOGLEVEL is not a declared variable',
    });
  });
});
