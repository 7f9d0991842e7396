import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { demoEnvironment } from '../../cli/commands/demo.ts';
import { ApiClient } from '../../cli/players/api-client.ts';
import { oneOf, placeOrder, readOffers } from '../../cli/players/customer.ts';
import { playedStack } from '../../cli/players/played-stack.ts';
import { openTown } from '../../cli/players/town.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { eventually } from '../harness/eventually.ts';
import { type CollectedSpan, startCollector, type TraceCollector } from './trace-collector.ts';

/** Services that an order does not pass through. */
const bystanders = ['ai-worker', 'analytics-worker', 'celery-worker', 'beat'];

const ending = new AbortController();
let collector: TraceCollector;
let stack: LocalStack;

beforeAll(async () => {
  collector = await startCollector();
  stack = await startLocalStack({
    isolated: true,
    environment: { ...demoEnvironment, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, LOG_LEVEL: 'debug' },
    only: Object.keys(smartEats.services).filter((name) => !bystanders.includes(name)),
  });
  const api = new ApiClient(stack.urls['api-gateway'] ?? '', { signal: ending.signal });
  const town = await openTown(playedStack(stack), api, { customers: 1, drivers: 1 });
  // Restaurants and drivers work until the test ends them.
  town.play(ending.signal).catch(() => undefined);
  const customer = oneOf(town.customers);
  await placeOrder(customer, { offer: oneOf(await readOffers(customer)), paymentMethod: 'pm_card_visa' });
}, 240_000);

afterAll(async () => {
  ending.abort();
  await stack?.stop();
  collector?.stop();
}, 60_000);

/** The spans of the trace that placing an order began. */
const traceOfOrder = (): readonly CollectedSpan[] => {
  const placed = collector.spans.find(({ name }) => name === 'POST /orders');
  return collector.spans.filter(({ traceId }) => traceId === placed?.traceId);
};

const named = (name: string) => traceOfOrder().find((span) => span.name === name);

describe('the trace of an order', () => {
  it('goes from the request through the queues to the handlers of every service', async () => {
    await eventually(() => {
      const names = traceOfOrder().map(({ service, name }) => `${service}: ${name}`);
      expect(names).toEqual(
        expect.arrayContaining([
          'api-gateway: POST /orders',
          'api-gateway: send order_created',
          'order-service: process order_created',
          'order-service: send payment_process',
          'payment-service: process payment_process',
          'order-service: process payment_complete',
        ]),
      );
    }, 60_000);
  }, 90_000);

  it('says what led to what', () => {
    const parentOf = (name: string) => named(name)?.parentSpanId;
    expect(parentOf('process order_created')).toBe(named('send order_created')?.spanId);
    expect(parentOf('send payment_process')).toBe(named('process order_created')?.spanId);
    expect(parentOf('process payment_process')).toBe(named('send payment_process')?.spanId);
  });

  it('goes on from a queue into the task that its handler calls', async () => {
    const task = await eventually(() => {
      const found = collector.spans.find(({ name }) => name === 'run tasks.send_order_confirmation');
      if (found === undefined) throw new Error('no task was recorded');
      return found;
    }, 60_000);
    expect(task.service).toBe('notifications-worker');
    await eventually(() => {
      // The restaurant accepts the order in a request of its own.
      const names = collector.spans
        .filter(({ traceId }) => traceId === task.traceId)
        .map(({ service, name }) => `${service}: ${name}`);
      expect(names).toEqual(
        expect.arrayContaining([
          'api-gateway: send order_confirmed',
          'order-service: process order_confirmed',
          'notification-service: process send_notification',
          'notification-service: send notifications',
        ]),
      );
      expect(names.some((name) => name.startsWith('api-gateway: POST /'))).toBe(true);
    }, 60_000);
  }, 90_000);

  it('is the exemplar of what it was measured by, where OpenMetrics is asked for', async () => {
    const headers = { accept: 'application/openmetrics-text' };
    const page = await (await fetch(`${stack.urls['order-service']}/metrics`, { headers })).text();
    const exemplar =
      /^message_handler_duration_seconds_bucket\{.*queue="order_created".*# \{trace_id="(\w{32})"\}/m;
    const traceId = exemplar.exec(page)?.[1];
    expect(collector.spans.map((span) => span.traceId)).toContain(traceId);
  });

  it('is named by the lines of the log that come with it, beside the message', () => {
    const lines = readFileSync(join(stack.directory, 'logs', 'order-service.log'), 'utf8')
      .trim()
      .split('\n');
    const handled = lines
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>)
      .filter(({ msg }) => msg === 'message handled');
    expect(handled.length).toBeGreaterThan(0);
    for (const line of handled)
      expect(line).toMatchObject({
        messageId: expect.any(String),
        traceId: expect.stringMatching(/^\w{32}$/),
      });
  });
});
