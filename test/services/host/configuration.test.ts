import { describe, expect, it } from '@jest/globals';
import { variablesOf } from '../../../workers/platform/environment.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { readCommandConfiguration, readConfiguration } from '../../../workers/services/host/configuration.ts';

function problemsOf(read: () => unknown): PlatformError {
  try {
    read();
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the configuration of a service', () => {
  it('has a default for everything that has one', () => {
    expect(readConfiguration(smartEats, 'auth-service', {})).toEqual({
      HOST: '0.0.0.0',
      LOG_LEVEL: 'info',
      OTEL_EXPORTER_OTLP_ENDPOINT: undefined,
      OTEL_TRACES_SAMPLER_ARG: 1,
      PORT: undefined,
      REDIS_HOST: '127.0.0.1',
      REDIS_PASSWORD: undefined,
      REDIS_PORT: 6379,
      REDIS_URL: undefined,
      CELERY_RESULT_BACKEND: undefined,
      MONGODB_URI: undefined,
      SHUTDOWN_GRACE_MS: 25_000,
    });
  });

  it('is parsed, and an empty variable counts as not set', () => {
    const config = readConfiguration(smartEats, 'api-gateway', {
      PORT: '4100',
      RATE_LIMIT_PER_MINUTE: '',
      RABBITMQ_USER: '',
      AUTH_SERVICE_URL: 'http://auth:4001',
    });
    expect(config.PORT).toBe(4100);
    expect(config.RATE_LIMIT_PER_MINUTE).toBe(300);
    expect(config.RABBITMQ_USER).toBe('smarteats');
    expect(config.AUTH_SERVICE_URL).toBe('http://auth:4001');
  });

  it('holds only what the service uses, so a bad value for another service does no harm', () => {
    expect(variablesOf(smartEats, 'payment-sandbox')).toEqual([
      'HOST',
      'PORT',
      'LOG_LEVEL',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'OTEL_TRACES_SAMPLER_ARG',
      'SHUTDOWN_GRACE_MS',
      'SANDBOX_LEDGER_FILE',
    ]);
    expect(() => readConfiguration(smartEats, 'payment-sandbox', { REDIS_PORT: 'none' })).not.toThrow();
  });

  it('names every problem at once, one line for each variable', () => {
    const error = problemsOf(() =>
      readConfiguration(smartEats, 'api-gateway', {
        PORT: '70000',
        LOG_LEVEL: 'loud',
        AUTH_SERVICE_URL: 'auth',
        RATE_LIMIT_PER_MINUTE: '0',
      }),
    );
    expect(error.code).toBe('CONFIG_INVALID');
    const [heading, ...lines] = error.message.split('\n');
    expect(heading).toBe('api-gateway: 4 environment variable(s) cannot be used');
    expect(lines.map((line) => line.trim().split(':')[0])).toEqual([
      'PORT',
      'LOG_LEVEL',
      'AUTH_SERVICE_URL',
      'RATE_LIMIT_PER_MINUTE',
    ]);
    expect(error.message).toContain('must be a URL of the form http://… or https://… (is "auth")');
  });

  it.each([
    ['127.0.0.1', true],
    ['10.0.0.0/8, fd00::/8', true],
    ['proxy.example', false],
    ['10.0.0.0/8,', false],
  ])('takes %j for the addresses of proxies: %j', (TRUST_PROXY, taken) => {
    const read = () => readConfiguration(smartEats, 'api-gateway', { TRUST_PROXY });
    if (taken) expect(read().TRUST_PROXY).toBe(TRUST_PROXY);
    else expect(read).toThrow('TRUST_PROXY: must be addresses or CIDR ranges');
  });

  it('never prints the value of a secret', () => {
    const error = problemsOf(() =>
      readConfiguration(smartEats, 'order-service', {
        REDIS_URL: 'hunter2-is-not-a-url',
        RABBITMQ_URL: 'http://user:hunter2@broker',
      }),
    );
    expect(error.message).toContain('REDIS_URL: has a value of the wrong form');
    expect(error.message).toContain('RABBITMQ_URL: has a value of the wrong form');
    expect(JSON.stringify([error.message, error.details])).not.toContain('hunter2');
  });

  it('does not compile where a service reads a variable it does not use', () => {
    const config = readConfiguration(smartEats, 'auth-service', {});
    // @ts-expect-error the auth service does not use rabbitmq
    expect(config.RABBITMQ_USER).toBeUndefined();
  });
});

describe('the configuration of a command', () => {
  it('has the variables of what the command uses, and its own', () => {
    const env = { JOB_NAME: 'cleanup-expired-carts-29841240', RABBITMQ_HOST: 'broker' };
    const config = readCommandConfiguration(smartEats, 'enqueue', env);
    expect(config).toMatchObject({ ...env, RABBITMQ_PORT: 5672, LOG_LEVEL: 'info' });
    expect(config).not.toHaveProperty('SMTP_URL');
  });

  it('is refused with the name of the command', () => {
    const env = { RABBITMQ_PORT: 'none' };
    expect(problemsOf(() => readCommandConfiguration(smartEats, 'enqueue', env))).toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^enqueue: 1 environment variable.*\n {2}RABBITMQ_PORT: /),
    });
  });
});
