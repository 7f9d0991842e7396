import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../workers/telemetry/metrics.ts';

const samplesOf = async (metrics: ReturnType<typeof createMetrics>) => {
  const { body } = await metrics.scrape();
  return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
};

describe('the metrics of a process', () => {
  it('count by labels and carry the name of the service', async () => {
    const metrics = createMetrics('order-service');
    metrics.count('messages_published_total', { queue: 'order_created' });
    metrics.count('messages_published_total', { queue: 'order_created' }, 2);
    expect(await samplesOf(metrics)).toContain(
      'messages_published_total{queue="order_created",service="order-service"} 3',
    );
  });

  it('set and add to gauges', async () => {
    const metrics = createMetrics('delivery-service');
    metrics.set('drivers_free', {}, 4);
    metrics.add('messages_in_flight', { queue: 'assign_driver' }, 2);
    metrics.add('messages_in_flight', { queue: 'assign_driver' }, -1);
    const samples = await samplesOf(metrics);
    expect(samples).toContain('drivers_free{service="delivery-service"} 4');
    expect(samples).toContain('messages_in_flight{queue="assign_driver",service="delivery-service"} 1');
  });

  it('observe with the declared buckets', async () => {
    const metrics = createMetrics('delivery-service');
    metrics.observe('delivery_time_seconds', {}, 1_000);
    const samples = await samplesOf(metrics);
    expect(samples).toContain('delivery_time_seconds_bucket{le="900",service="delivery-service"} 0');
    expect(samples).toContain('delivery_time_seconds_bucket{le="1200",service="delivery-service"} 1');
    expect(samples).toContain('delivery_time_seconds_sum{service="delivery-service"} 1000');
  });

  it('show a metric without labels as 0 before its first value', async () => {
    expect(await samplesOf(createMetrics('order-service'))).toContain(
      'orders_created_total{service="order-service"} 0',
    );
  });

  it("include Node's own and describe every declared metric", async () => {
    const { body, contentType } = await createMetrics('auth-service').scrape();
    expect(contentType).toContain('text/plain');
    expect(body).toContain('nodejs_eventloop_lag_seconds');
    expect(body).toContain('# HELP http_requests_total HTTP requests answered');
    expect(body).toContain('# TYPE message_age_seconds histogram');
  });

  it('are read anew before each scrape, and a reader that fails fails nothing', async () => {
    const metrics = createMetrics('order-service');
    let users = 0;
    metrics.beforeScrape(() => {
      users += 1;
      metrics.set('active_users', {}, users);
    });
    metrics.beforeScrape(async () => {
      throw new Error('Redis is away');
    });
    await metrics.scrape();
    expect(await samplesOf(metrics)).toContain('active_users{service="order-service"} 2');
  });

  it('do not compile with an unknown name, a wrong kind or a missing label', () => {
    const metrics = createMetrics('order-service');
    const mistakes = () => {
      // @ts-expect-error there is no such metric
      metrics.count('orders_lost_total', {});
      // @ts-expect-error a gauge is set, not counted
      metrics.count('drivers_free', {});
      // @ts-expect-error the label is missing
      metrics.count('payments_total', {});
    };
    expect(mistakes).toBeInstanceOf(Function);
  });
});
