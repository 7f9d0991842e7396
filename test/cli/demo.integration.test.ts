import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findGaps } from '../../cli/accounting/accounts.ts';
import { demoEnvironment } from '../../cli/commands/demo.ts';
import { type ServedPicture, servePicture } from '../../cli/demo/picture-server.ts';
import { runDemo } from '../../cli/demo/run-demo.ts';
import { playedStack } from '../../cli/players/played-stack.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { smartEats } from '../../workers/platform/platform.ts';

describe('the demo', () => {
  let stack: LocalStack;
  let picture: ServedPicture | undefined;
  afterEach(async () => {
    await stack.stop();
    await picture?.close();
    picture = undefined;
  });

  it('closes its accounts although RabbitMQ is killed in the middle of 200 orders and started again', async () => {
    picture = await servePicture();
    stack = await startLocalStack({
      isolated: true,
      environment: { ...demoEnvironment, ...picture.environment },
    });
    let outage: Promise<void> | undefined;
    let finishedBefore = 0;
    const accounts = await runDemo({
      platform: playedStack(stack),
      pictureUrl: picture.url,
      orders: 200,
      rate: 40,
      signal: AbortSignal.timeout(240_000),
      onProgress: ({ placed, finished }) => {
        if (placed < 80) return;
        outage ??= (async () => {
          finishedBefore = finished;
          await stack.rabbitmq.takeDown();
          await delay(2_000);
          await stack.rabbitmq.start();
        })();
      },
    });
    await outage;

    expect(findGaps(accounts)).toEqual([]);
    expect(accounts.orders).toHaveLength(200);
    expect(accounts.orders.filter(({ status }) => status === 'payment_declined')).toHaveLength(10);
    expect(accounts.charges.orderIds).toHaveLength(190);
    expect(accounts.messages.dead).toBe(0);
    expect(accounts.tasks.map(({ task }) => task).toSorted()).toEqual(
      Object.keys(smartEats.tasks).toSorted(),
    );
    for (const { tookMs } of accounts.tasks) expect(tookMs).toBeGreaterThan(0);
    // The outage came while orders were under way, and customers felt it.
    expect(finishedBefore).toBeLessThan(200);
    expect(accounts.requestsRepeated).toBeGreaterThan(0);
  }, 300_000);

  it('closes its accounts although services are killed again and again', async () => {
    stack = await startLocalStack({ isolated: true, environment: demoEnvironment });
    const victims = [
      'order-service',
      'payment-service',
      'delivery-service',
      'notification-service',
      'api-gateway',
      'notifications-worker',
    ];
    let killed = 0;
    const accounts = await runDemo({
      platform: playedStack(stack),
      orders: 100,
      rate: 20,
      signal: AbortSignal.timeout(240_000),
      onProgress: ({ placed }) => {
        const victim = victims[killed];
        if (victim === undefined || placed < 15 * (killed + 1)) return;
        killed += 1;
        stack.service(victim).kill('SIGKILL');
      },
    });
    expect(killed).toBe(victims.length);
    expect(findGaps(accounts)).toEqual([]);
    expect(victims.map((victim) => stack.service(victim).restarts)).toEqual(victims.map(() => 1));
    // Without a picture, the task that looks at one is left out.
    const called = accounts.tasks.map(({ task }) => task);
    expect([...called, 'tasks.analyze_food_image'].toSorted()).toEqual(
      Object.keys(smartEats.tasks).toSorted(),
    );
  }, 300_000);
});
