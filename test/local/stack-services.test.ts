import { describe, expect, it } from '@jest/globals';
import { choosePorts, servicesToRun, urlOfService } from '../../local/stack-services.ts';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';

const extended = definePlatform({
  ...smartEats,
  services: {
    ...smartEats.services,
    'loyalty-service': {
      description: 'Counts points',
      port: 4099,
      uses: ['redis', 'rabbitmq'],
      kind: 'product',
    },
  },
});

describe('the services that a stack runs', () => {
  it('are all declared ones, product and sandbox', () => {
    expect(servicesToRun(smartEats, undefined)).toEqual(Object.keys(smartEats.services));
  });

  it('leave out a declared one that has no program here, unless it is asked for', () => {
    expect(servicesToRun(extended, undefined)).not.toContain('loyalty-service');
    expect(servicesToRun(extended, ['loyalty-service'])).toEqual(['loyalty-service']);
  });

  it('must be declared', () => {
    expect(() => servicesToRun(smartEats, ['order-service', 'loyalty-service'])).toThrow(
      expect.objectContaining({
        code: 'ROLE_UNKNOWN',
        message: expect.stringMatching(/no service loyalty-service; .*order-service/),
      }),
    );
  });
});

describe('the ports of a stack', () => {
  it('are different ones for every service and purpose, also for services that do not run', async () => {
    const ports = await choosePorts(extended, false);
    expect(Object.keys(ports)).toEqual(Object.keys(extended.services));
    const all = Object.values(ports).flatMap((each) => Object.values(each));
    expect(new Set(all).size).toBe(Object.keys(extended.services).length + 1);
    expect(ports['message-catcher']).toEqual({ http: expect.any(Number), smtp: expect.any(Number) });
  });

  it('are the declared ones where that is wanted and they are free', async () => {
    const declared = 19_321;
    const platform = definePlatform({
      ...smartEats,
      queues: {},
      services: { only: { description: 'The only one', port: declared, uses: [], kind: 'product' } },
    });
    expect(await choosePorts(platform, true)).toEqual({ only: { http: declared } });
    expect((await choosePorts(platform, false))['only']?.['http']).not.toBe(declared);
  });

  it('are part of the URL of a service', () => {
    const addresses = { redisUrl: '', amqpUrl: '', directory: '', ports: { 'api-gateway': { http: 4000 } } };
    expect(urlOfService('api-gateway', addresses)).toBe('http://127.0.0.1:4000');
    expect(() => urlOfService('order-service', addresses)).toThrow('there is no service order-service');
  });
});
