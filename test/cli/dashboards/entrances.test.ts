import { describe, expect, it } from '@jest/globals';
import { defineProfile } from '../../../charts/profile.ts';
import { entrancesOf } from '../../../cli/dashboards/entrances.ts';
import { smartEats } from '../../../workers/platform/platform.ts';

describe('what can be opened of a platform', () => {
  const onLaptop = entrancesOf(smartEats, defineProfile('kind'));
  const inProduction = entrancesOf(smartEats, defineProfile('production'));

  it('is what watches it, its API and its stand-ins for the outside', () => {
    expect(onLaptop.map(({ label }) => label)).toEqual([
      'Grafana',
      'Prometheus',
      'RabbitMQ',
      'Flower',
      'API and its description',
      'Charges',
      'Mail and SMS',
    ]);
  });

  it('has no stand-ins in production', () => {
    const services = inProduction.map(({ service }) => service);
    expect(services).toContain('api-gateway');
    expect(services).not.toContain('payment-sandbox');
    expect(services).not.toContain('message-catcher');
  });

  it('has no RabbitMQ when that is outside the cluster', () => {
    const entrances = entrancesOf(smartEats, defineProfile('production', { outside: { rabbitmq: {} } }));
    expect(entrances.map(({ service }) => service)).not.toContain('rabbitmq');
    expect(entrances).toHaveLength(inProduction.length - 1);
  });

  it('opens the API at its description', () => {
    expect(onLaptop.find(({ service }) => service === 'api-gateway')).toMatchObject({
      port: smartEats.services['api-gateway'].port,
      path: '/docs',
    });
  });

  it('leads to RabbitMQ at its management port, with the account that may use it', () => {
    expect(onLaptop.find(({ service }) => service === 'rabbitmq')).toMatchObject({
      port: 15_672,
      login: { user: 'smarteats', key: 'RABBITMQ_PASS' },
    });
  });

  it('has a port of its own for everything', () => {
    const ports = onLaptop.map(({ port }) => port);
    expect(new Set(ports).size).toBe(ports.length);
  });
});
