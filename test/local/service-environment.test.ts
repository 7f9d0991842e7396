import { afterEach, describe, expect, it } from '@jest/globals';
import { serviceEnvironment } from '../../local/service-environment.ts';
import { variablesOf } from '../../workers/platform/environment.ts';
import { smartEats } from '../../workers/platform/platform.ts';

const addresses = {
  redisUrl: 'redis://127.0.0.1:1001',
  amqpUrl: 'amqp://user:word@127.0.0.1:1002/%2F',
  directory: '/run',
  ports: {
    'api-gateway': { http: 2000 },
    'auth-service': { http: 2001 },
    'notification-service': { http: 2005 },
    'payment-sandbox': { http: 2010 },
    'message-catcher': { http: 2011, smtp: 2025 },
  },
};

const environmentOf = (service: string, overrides = {}) =>
  serviceEnvironment(smartEats, service, addresses, overrides);

afterEach(() => {
  delete process.env['REDIS_PASSWORD'];
});

describe('the environment of a local service', () => {
  it('says where the service listens and what it uses', () => {
    expect(environmentOf('api-gateway')).toMatchObject({
      HOST: '127.0.0.1',
      PORT: '2000',
      REDIS_URL: 'redis://127.0.0.1:1001',
      RABBITMQ_URL: 'amqp://user:word@127.0.0.1:1002/%2F',
      AUTH_SERVICE_URL: 'http://127.0.0.1:2001',
    });
    expect(environmentOf('notification-service')).toMatchObject({
      SMTP_URL: 'smtp://127.0.0.1:2025',
      SMS_API_URL: 'http://127.0.0.1:2011/sms',
    });
    expect(environmentOf('message-catcher')).toMatchObject({ PORT: '2011', SMTP_PORT: '2025' });
    expect(environmentOf('payment-service')).toMatchObject({ PAYMENT_API_URL: 'http://127.0.0.1:2010' });
    expect(environmentOf('payment-sandbox')).toMatchObject({ SANDBOX_LEDGER_FILE: '/run/payment-ledger' });
  });

  it('holds no variable that the declarations do not let the service read', () => {
    const inherited = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR', 'NODE_EXTRA_CA_CERTS'];
    for (const service of Object.keys(smartEats.services)) {
      const allowed = [...variablesOf(smartEats, service), ...inherited];
      expect(allowed).toEqual(expect.arrayContaining(Object.keys(environmentOf(service))));
    }
    expect(environmentOf('payment-sandbox')).not.toHaveProperty('RABBITMQ_URL');
  });

  it('is not affected by what the shell has set for other deployments', () => {
    process.env['REDIS_PASSWORD'] = 'of production';
    expect(environmentOf('api-gateway')).not.toHaveProperty('REDIS_PASSWORD');
    expect(environmentOf('api-gateway')['PATH']).toBe(process.env['PATH']);
  });

  it('takes overrides, for the services that read them', () => {
    const overrides = { RATE_LIMIT_PER_MINUTE: '7', LOG_LEVEL: 'debug' };
    expect(environmentOf('api-gateway', overrides)).toMatchObject(overrides);
    expect(environmentOf('auth-service', overrides)).not.toHaveProperty('RATE_LIMIT_PER_MINUTE');
  });
});
