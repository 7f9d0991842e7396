import { describe, expect, it } from '@jest/globals';
import { createMetrics } from '../../workers/telemetry/metrics.ts';

const samplesOf = async (metrics: ReturnType<typeof createMetrics>) => {
  const { body } = await metrics.scrape();
  return body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
};

describe('a scrape that accepts OpenMetrics', () => {
  const accept = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

  it('is answered in it, with the trace of an observation as its exemplar', async () => {
    const metrics = createMetrics('delivery-service', { traceId: () => '4bf92f3577b34da6a3ce929d0e0e4736' });
    metrics.observe('delivery_time_seconds', {}, 1_000);
    const { contentType, body } = await metrics.scrape(accept);
    expect(contentType).toContain('application/openmetrics-text');
    expect(body).toMatch(
      /delivery_time_seconds_bucket\{le="1200",.*\} 1 # \{trace_id="4bf92f3577b34da6a3ce929d0e0e4736"\} 1000 /,
    );
    expect(body.endsWith('# EOF\n')).toBe(true);
  });

  it('names counters as every other scrape does, before and after it', async () => {
    const metrics = createMetrics('order-service');
    metrics.count('orders_created_total', {});
    const sample = 'orders_created_total{service="order-service"} 1';
    for (const header of [undefined, accept, undefined, accept]) {
      const { body } = await metrics.scrape(header);
      expect(body.split('\n')).toContain(sample);
      expect(body).toContain('# TYPE orders_created');
    }
  });

  it('does not mix with another one at the same time', async () => {
    const metrics = createMetrics('order-service');
    const [text, open] = await Promise.all([metrics.scrape(), metrics.scrape(accept)]);
    expect(text.body).not.toContain('# EOF');
    expect(text.body).toContain('# TYPE orders_created_total counter');
    expect(open.body).toContain('# TYPE orders_created counter');
  });

  it('carries no exemplar where no trace is recorded', async () => {
    const metrics = createMetrics('delivery-service');
    metrics.observe('delivery_time_seconds', {}, 1_000);
    expect((await metrics.scrape(accept)).body).not.toContain('trace_id');
  });
});

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
    metrics.set('drivers', { state: 'free' }, 4);
    metrics.add('messages_in_flight', { queue: 'assign_driver' }, 2);
    metrics.add('messages_in_flight', { queue: 'assign_driver' }, -1);
    const samples = await samplesOf(metrics);
    expect(samples).toContain('drivers{state="free",service="delivery-service"} 4');
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

  it('forget the labels of a gauge that is replaced', async () => {
    const metrics = createMetrics('order-service');
    metrics.set('restaurant_orders', { restaurant: 'Pasta Porta' }, 3);
    metrics.replace('restaurant_orders', [[{ restaurant: 'Spice Route' }, 5]]);
    const samples = (await samplesOf(metrics)).filter((line) => line.startsWith('restaurant_orders'));
    expect(samples).toEqual(['restaurant_orders{restaurant="Spice Route",service="order-service"} 5']);
  });

  it('say nothing of what another service knows, until they are told', async () => {
    const metrics = createMetrics('auth-service');
    expect((await metrics.scrape()).body).not.toMatch(/orders_created_total|broker_connected|celery_/);
    metrics.count('orders_created_total', {});
    expect(await samplesOf(metrics)).toContain('orders_created_total{service="auth-service"} 1');
  });

  it('show a count of 0 that is yet to rise', async () => {
    const metrics = createMetrics('payment-service');
    metrics.count('payments_total', { outcome: 'failed' }, 0);
    expect(await samplesOf(metrics)).toContain(
      'payments_total{outcome="failed",service="payment-service"} 0',
    );
  });

  it('do not compile with an unknown name, a wrong kind or a missing label', () => {
    const metrics = createMetrics('order-service');
    const mistakes = () => {
      // @ts-expect-error there is no such metric
      metrics.count('orders_lost_total', {});
      // @ts-expect-error a gauge is set, not counted
      metrics.count('drivers', { state: 'free' });
      // @ts-expect-error the label is missing
      metrics.count('payments_total', {});
    };
    expect(mistakes).toBeInstanceOf(Function);
  });
});
