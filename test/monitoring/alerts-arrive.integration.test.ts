import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import amqp from 'amqplib';
import { demoEnvironment } from '../../cli/commands/demo.ts';
import { PrometheusApi } from '../../cli/verify/prometheus-api.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { eventually } from '../harness/eventually.ts';
import { type AlertListeners, listenForAlerts } from './alert-listeners.ts';
import { type NodeWithFullDisk, startNode } from './full-disk.ts';

let node: NodeWithFullDisk;
let listeners: AlertListeners;
let stack: LocalStack;

beforeAll(async () => {
  node = await startNode();
  listeners = await listenForAlerts();
  stack = await startLocalStack({
    isolated: true,
    environment: demoEnvironment,
    monitoring: {
      intervalSeconds: 1,
      // The declared expressions over their declared windows; only the waiting is cut short.
      hurry: 0.01,
      groupWaitSeconds: 1,
      alerts: listeners,
      jobs: { 'node-exporter': node.port },
    },
  });
}, 180_000);

afterAll(async () => {
  await stack?.stop();
  await listeners?.stop();
  await node?.stop();
}, 60_000);

const api = (path: string, body: unknown) =>
  fetch(`${stack.urls['api-gateway']}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).then(async (response) => {
    await response.arrayBuffer();
    return response.status;
  });

const logIn = (number: number) =>
  api('/auth/login', { email: `nobody-${number}@eats.example`, password: 'wrong-one' });

const prometheus = () => new PrometheusApi(stack.monitoring?.urls.prometheus ?? '');

const aMinute = 90_000;

/** Waits until an alert arrived where it is declared to, and nowhere else. */
async function arrives(alert: string): Promise<void> {
  const { receivers = [] } = alertsOf(smartEats)[alert] ?? {};
  await eventually(() => {
    expect(listeners.mailsAbout(alert).length > 0).toBe(receivers.includes('email'));
    expect(listeners.postsAbout(alert).length > 0).toBe(receivers.includes('slack'));
  }, aMinute);
}

describe('an alert that holds', () => {
  it('SlowApi arrives at the webhook while log-ins take longer than two seconds', async () => {
    // Prometheus sees a rise only from a value that it has seen before.
    expect(await logIn(0)).toBe(401);
    const seen = 'http_requests_total{service="api-gateway",route="/auth/login"}';
    await eventually(async () => expect(await prometheus().evaluate(seen)).toEqual({ values: 1 }));
    stack.service('auth-service').kill('SIGSTOP');
    const waiting = Array.from({ length: 20 }, (_, number) => logIn(number + 1));
    await delay(3_500);
    stack.service('auth-service').kill('SIGCONT');
    // Late either way: refused, or given up on by a gateway that had waited long enough.
    expect([401, 503]).toEqual(expect.arrayContaining([...new Set(await Promise.all(waiting))]));
    await arrives('SlowApi');
    expect(listeners.postsAbout('SlowApi')[0]).toContain('docs/runbooks/SlowApi.md');
  }, 120_000);

  it('QueueBacklog arrives by mail while messages come faster than they are consumed', async () => {
    const connection = await amqp.connect(stack.amqpUrl);
    const channel = await connection.createConfirmChannel();
    const deadline = Date.now() + aMinute;
    for (let number = 0; listeners.mailsAbout('QueueBacklog').length === 0; number += 1) {
      expect(Date.now()).toBeLessThan(deadline);
      for (let each = 0; each < 1_000; each += 1) {
        const messageId = `backlog-${number}-${each}`;
        channel.sendToQueue('send_notification', Buffer.from('{}'), { messageId, persistent: true });
      }
      await channel.waitForConfirms();
    }
    await connection.close();
    await arrives('QueueBacklog');
    expect(listeners.mailsAbout('QueueBacklog')[0]).toContain('send_notification');
  }, 120_000);

  it('DeadLettersGrowing arrives by mail when these are given up, for they are no notifications', async () => {
    await arrives('DeadLettersGrowing');
  }, 120_000);

  it('HighErrorRate arrives by mail and at the webhook while Redis is away', async () => {
    await stack.redis.takeDown();
    await eventually(async () => {
      const statuses = await Promise.all(Array.from({ length: 30 }, (_, number) => logIn(100 + number)));
      expect(statuses.every((status) => status === 503)).toBe(true);
      expect(listeners.postsAbout('HighErrorRate').length).toBeGreaterThan(0);
    }, aMinute);
    await arrives('HighErrorRate');
    await arrives('RedisDown');
    await stack.redis.start();
  }, 150_000);

  it('LowDisk arrives by mail when less than a tenth of a disk is free', async () => {
    expect(listeners.mailsAbout('LowDisk')).toEqual([]);
    node.fill();
    await arrives('LowDisk');
  }, 120_000);

  it('says what it saw, and where to read what to do', async () => {
    const [mail = ''] = listeners.mailsAbout('LowDisk');
    // Long lines are broken in a mail, with an = at the end.
    const text = mail.replaceAll(/=\r?\n/g, '');
    expect(text).toMatch(/^Subject: .*LowDisk/m);
    expect(text).toContain('is free, less than 10%');
    expect(text).toContain('docs/runbooks/LowDisk.md');
    expect(text).toContain('operators@smarteats.example');
  });

  it('is one that Prometheus could evaluate, as it could all others', async () => {
    for (const [alert, { expression }] of Object.entries(alertsOf(smartEats))) {
      expect([alert, await prometheus().evaluate(expression)]).toEqual([
        alert,
        { values: expect.any(Number) },
      ]);
    }
    const rules = await prometheus().rules();
    expect(rules.map(({ name, health }) => [name, health])).toEqual(
      Object.keys(alertsOf(smartEats)).map((name) => [name, 'ok']),
    );
  });
});
