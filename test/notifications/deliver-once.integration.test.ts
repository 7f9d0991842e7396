import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { html } from '../../workers/html/html.ts';
import type { NotificationChannel } from '../../workers/notifications/channel.ts';
import { type DeliveryDeps, deliverOnce } from '../../workers/notifications/deliver-once.ts';
import { eventually } from '../harness/eventually.ts';
import { OrderWorld } from '../services/order-flow/order-world.ts';

const claimMs = 300;

describe('delivering a notification once', () => {
  let world: OrderWorld;
  const sent: string[] = [];
  beforeAll(async () => {
    world = await OrderWorld.open();
  });
  afterAll(() => world.close());

  function deliver(orderId: string, send: NotificationChannel['send']) {
    const deps: DeliveryDeps = {
      notifications: world.state.stores.notifications,
      channels: [{ name: 'mail', addressOf: ({ email }) => email, send }],
      metrics: world.metrics,
      claimMs,
    };
    const words = 'Enjoy your meal.';
    const text = { subject: 'Delivered', text: words, html: html`<p>${words}</p>`, short: words };
    const notification = { orderId, about: 'delivered', contact: { email: 'a@example.com' }, text };
    return deliverOnce(deps, notification, new AbortController().signal);
  }

  const mailing: NotificationChannel['send'] = async (_, { notificationId }) => {
    sent.push(notificationId);
    return { kind: 'sent' };
  };

  it('leaves a message alone that another process sends, however long its provider takes', async () => {
    const slow = deliver('order-slow', async (...args) => {
      await delay(4 * claimMs);
      return mailing(...args);
    });
    let tries = 0;
    await eventually(async () => {
      tries += 1;
      expect(await deliver('order-slow', mailing)).toMatchObject({ channels: { mail: 'sent before' } });
    });
    expect(await slow).toMatchObject({ channels: { mail: 'sent' } });
    expect(tries).toBeGreaterThan(1);
    expect(sent.filter((id) => id.startsWith('order-slow:'))).toHaveLength(1);
  });

  it('sends a message soon whose first sender died in the middle of it', async () => {
    await world.state.stores.notifications.claim('order-orphaned:delivered:mail', claimMs);
    await expect(deliver('order-orphaned', mailing)).rejects.toMatchObject({
      code: 'NOTIFICATION_UNDER_WAY',
    });
    await eventually(async () => {
      expect(await deliver('order-orphaned', mailing)).toMatchObject({ channels: { mail: 'sent' } });
    });
  });
});
