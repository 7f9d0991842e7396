import { describe, expect, it } from '@jest/globals';
import { environment, type VariableName, variablesOf } from '../../workers/platform/environment.ts';
import { smartEats } from '../../workers/platform/platform.ts';

describe('the environment variables', () => {
  it('have the names that people know from the original setup', () => {
    expect(Object.keys(environment)).toEqual(
      expect.arrayContaining([
        'REDIS_HOST',
        'REDIS_PORT',
        'REDIS_PASSWORD',
        'REDIS_URL',
        'RABBITMQ_HOST',
        'RABBITMQ_PORT',
        'RABBITMQ_USER',
        'RABBITMQ_PASS',
        'RABBITMQ_URL',
        'CELERY_BROKER_URL',
        'CELERY_RESULT_BACKEND',
        'MONGODB_URI',
      ]),
    );
  });

  it('are secret where they can hold a password', () => {
    const secret = (name: string) =>
      (environment[name as VariableName] as { secret?: boolean }).secret === true;
    const holdPasswords = Object.keys(environment).filter((name) =>
      /PASS|TOKEN|SECRET|^(REDIS|RABBITMQ|CELERY_BROKER|SMTP)_URL$|MONGODB_URI|RESULT_BACKEND/.test(name),
    );
    expect(holdPasswords.length).toBeGreaterThan(5);
    expect(holdPasswords.filter((name) => !secret(name))).toEqual([]);
  });

  it('are each read by somebody', () => {
    const read = new Set(
      Object.keys(smartEats.services).flatMap((service) => variablesOf(smartEats, service)),
    );
    const unread = (Object.keys(environment) as VariableName[]).filter((name) => !read.has(name));
    // What only one-off programs read is read by no service.
    expect(unread.filter((name) => !/^(SCHEDULED|JOB|SCHEDULE)/.test(name))).toEqual([]);
  });

  it('are read only by services that use what they are for', () => {
    expect(variablesOf(smartEats, 'auth-service')).toContain('REDIS_URL');
    expect(variablesOf(smartEats, 'auth-service')).not.toContain('RABBITMQ_URL');
    expect(variablesOf(smartEats, 'payment-sandbox')).not.toContain('STRIPE_SECRET_KEY');
  });
});

describe('a value of a variable', () => {
  const parsed = (name: VariableName, text: string | undefined) => environment[name].schema.safeParse(text);

  it.each<[VariableName, string, unknown]>([
    ['REDIS_PORT', '6380', 6380],
    ['REDIS_HOST', 'redis.smartEats.svc', 'redis.smartEats.svc'],
    ['REDIS_HOST', '::1', '::1'],
    ['REDIS_URL', 'rediss://user:pass@host:6380/2', 'rediss://user:pass@host:6380/2'],
    ['RABBITMQ_URL', 'amqps://user:pass@host/vhost', 'amqps://user:pass@host/vhost'],
    ['MONGODB_URI', 'mongodb://host/smarteats', 'mongodb://host/smarteats'],
    ['MONGODB_URI', 'mongodb+srv://cluster.example.net', 'mongodb+srv://cluster.example.net'],
    [
      'MONGODB_URI',
      'mongodb://user:p%40ss@a.example:27017,b.example:27018,[::1]:27019/?replicaSet=rs0',
      'mongodb://user:p%40ss@a.example:27017,b.example:27018,[::1]:27019/?replicaSet=rs0',
    ],
    ['LOG_LEVEL', 'debug', 'debug'],
    ['SHUTDOWN_GRACE_MS', '1000', 1000],
    ['MAIL_FROM', 'orders@example.org', 'orders@example.org'],
    ['MAIL_FROM', 'Our Orders <orders@example.org>', 'Our Orders <orders@example.org>'],
    [
      'FOOD_IMAGE_ALLOWED_HOSTS',
      'cdn.example.org, *.example.com:8443',
      ['cdn.example.org', '*.example.com:8443'],
    ],
    ['FOOD_IMAGE_PRIVATE_HOSTS', '127.0.0.1:80,[::1]:8080', ['127.0.0.1:80', '[::1]:8080']],
  ])('%s accepts %s', (name, text, value) => {
    expect(parsed(name, text)).toMatchObject({ success: true, data: value });
  });

  it.each<[VariableName, string]>([
    ['REDIS_PORT', '0'],
    ['REDIS_PORT', '65536'],
    ['REDIS_PORT', 'six'],
    ['REDIS_PORT', '6379.5'],
    ['REDIS_HOST', 'a b'],
    ['REDIS_URL', 'http://host'],
    ['REDIS_URL', 'not a url'],
    ['REDIS_URL', 'redis://'],
    ['REDIS_URL', 'redis:host'],
    ['RABBITMQ_URL', 'amqp//host'],
    ['MONGODB_URI', 'mongodb://'],
    ['MONGODB_URI', 'mongodb://a:27017,b:port'],
    ['MONGODB_URI', 'mongodb://a:27017,'],
    ['MONGODB_URI', 'a:27017,b:27017'],
    ['MONGODB_URI', 'http://host'],
    ['LOG_LEVEL', 'loud'],
    ['SHUTDOWN_GRACE_MS', '-1'],
    ['MAIL_FROM', 'nonsense'],
    ['MAIL_FROM', 'Our Orders <orders>'],
    ['SHUTDOWN_GRACE_MS', '2147483648'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
    ['FOOD_IMAGE_ALLOWED_HOSTS', '*'],
    ['FOOD_IMAGE_ALLOWED_HOSTS', 'https://example.org'],
    ['FOOD_IMAGE_PRIVATE_HOSTS', '127.0.0.1'],
  ])('%s refuses %s', (name, text) => {
    expect(parsed(name, text).success).toBe(false);
  });

  it.each<[VariableName, unknown]>([
    ['REDIS_PORT', 6379],
    ['RABBITMQ_PORT', 5672],
    ['LOG_LEVEL', 'info'],
    ['REDIS_URL', undefined],
  ])('%s need not be set', (name, value) => {
    expect(parsed(name, undefined)).toMatchObject({ success: true, data: value });
  });
});
