import { describe, expect, it } from '@jest/globals';
import { serversFor } from '../../../cli/tasks/servers.ts';

const stack = { amqpUrl: 'amqp://stack', redisUrl: 'redis://stack' };
const env = { CELERY_BROKER_URL: 'amqp://env', CELERY_RESULT_BACKEND: 'redis://env' };

describe('the servers that a task is sent to', () => {
  it('are those of the options, else of the environment, else of the platform that is up', () => {
    const options = { broker: 'amqp://option', redis: 'redis://option' };
    expect(serversFor(options, env, () => stack)).toEqual({
      amqpUrl: 'amqp://option',
      redisUrl: 'redis://option',
    });
    expect(serversFor({}, env, () => stack)).toEqual({ amqpUrl: 'amqp://env', redisUrl: 'redis://env' });
    expect(serversFor({ redis: 'redis://option' }, {}, () => stack)).toEqual({
      amqpUrl: 'amqp://stack',
      redisUrl: 'redis://option',
    });
  });

  it('have to be given where nothing is up', () => {
    expect(() => serversFor({ broker: 'amqp://option' }, {}, () => undefined)).toThrow(
      expect.objectContaining({ code: 'TASK_SERVERS_UNKNOWN' }),
    );
  });

  it.each([
    ['--broker', { broker: 'nonsense' }, {}],
    ['--broker', { broker: 'http://host' }, {}],
    ['--redis', { redis: 'nonsense' }, {}],
    ['--redis', { redis: '' }, {}],
    ['CELERY_BROKER_URL', {}, { CELERY_BROKER_URL: 'redis://host' }],
    ['CELERY_RESULT_BACKEND', {}, { CELERY_RESULT_BACKEND: 'rpc://' }],
  ])('are refused in a line that names %s', (source, options, variables) => {
    expect(() => serversFor(options, variables, () => stack)).toThrow(
      expect.objectContaining({
        code: 'CONFIG_INVALID',
        message: expect.stringMatching(new RegExp(`^${source} must be a URL of the form .+$`)),
      }),
    );
  });

  it('are those of the platform that is up where a variable is empty', () => {
    expect(serversFor({}, { CELERY_BROKER_URL: '', CELERY_RESULT_BACKEND: '' }, () => stack)).toEqual(stack);
  });
});
