import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { OrderStatusChanged } from '../../../workers/platform/payloads.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { eventually } from '../../harness/eventually.ts';
import { connectRaw } from '../../messaging/raw-client.ts';
import { readMessages } from '../message-catcher/catcher-client.ts';
import { clearFaults, injectFault, readLedger } from '../payment-sandbox/sandbox-client.ts';
import { roma, sampleOrder } from '../sample-order.ts';
import { goodWay, type OrderPlatform, startOrderPlatform } from './order-platform.ts';

jest.setTimeout(120_000);

let platform: OrderPlatform;
beforeAll(async () => {
  platform = await startOrderPlatform();
});
afterAll(() => platform.close());

const accounts = () => platform.state.ledger.accounts();

async function deadMessages(): Promise<number> {
  return Object.values(await accounts()).reduce((sum, { dead }) => sum + dead, 0);
}

/** Takes an order from its placing to its delivery. */
async function deliver(orderId: string): Promise<void> {
  await platform.place(orderId);
  await platform.reached(orderId, 'paid');
  await platform.confirm(orderId);
  await platform.reached(orderId, 'driver_assigned');
  await platform.driverSays('picked_up', orderId);
  await platform.reached(orderId, 'picked_up');
  await platform.driverSays('delivered', orderId);
  await platform.reached(orderId, 'delivered');
}

describe('an order', () => {
  it('goes from placed to delivered: one charge, every status seen, every notification sent once', async () => {
    const seen: OrderStatusChanged[] = [];
    const endWatch = await platform.state.orderStatus.watch('order-good', (change) => seen.push(change));
    await platform.freeDriver('driver-good');
    await deliver('order-good');
    await platform.quiet();

    const order = await platform.state.stores.orders.find('order-good');
    expect(order).toMatchObject({ status: 'delivered', driverId: 'driver-good', sequence: goodWay.length });
    await eventually(() => expect(seen.map(({ status }) => status)).toEqual(goodWay));
    await endWatch();
    const ledger = await readLedger(platform.sandboxUrl, '/ledger?orderId=order-good');
    expect(ledger.charges).toMatchObject([
      { chargeId: order?.chargeId, status: 'succeeded', amountMinor: 1_900 },
    ]);
    // By the tasks that the notification service has called.
    const notified = await eventually(async () => {
      const messages = await readMessages(platform.catcherUrl, 'about=order-good');
      expect(messages.length).toBeGreaterThanOrEqual(8);
      return messages.map(({ key }) => key).sort();
    });
    expect(notified).toEqual([
      'order-good.driver_assigned.mail@smarteats.example',
      'order-good.order_confirmed.mail@smarteats.example',
      'order-good.order_delivered.mail@smarteats.example',
      'order-good.order_picked_up.mail@smarteats.example',
      'order-good:driver_assigned:sms',
      'order-good:order_confirmed:sms',
      'order-good:order_delivered:sms',
      'order-good:order_picked_up:sms',
    ]);
    await eventually(() => {
      const changes = platform.broadcast.filter(({ orderId }) => orderId === 'order-good');
      expect(changes.map(({ status }) => status)).toEqual(goodWay);
    });
    expect(await platform.state.stores.drivers.find('driver-good')).toMatchObject({ state: 'free' });
    expect(await deadMessages()).toBe(0);
    await platform.state.stores.drivers.report('driver-good', roma, false);
  });

  it('ends as declined when its card is declined, and the customer is told why', async () => {
    await platform.place('order-declined', { paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds' });
    await platform.reached('order-declined', 'payment_declined');
    await platform.quiet();
    const [mail] = await readMessages(platform.catcherUrl, 'about=order-declined&channel=mail');
    expect(mail?.subject).toContain('Your payment was declined');
    expect(mail?.text).toContain('not enough money');
    expect(await platform.state.stores.orders.find('order-declined')).toMatchObject({
      declineReason: 'insufficient_funds',
    });
  });

  it('waits for a driver while none is free, and is assigned to the one who comes', async () => {
    await platform.place('order-waiting');
    await platform.reached('order-waiting', 'paid');
    await platform.confirm('order-waiting');
    await platform.reached('order-waiting', 'confirmed');
    const delivery = platform.services[2];
    await eventually(async () => {
      const { text } = (await delivery?.call('GET', '/metrics')) ?? { text: '' };
      expect(text).toMatch(
        /messages_handled_total\{[^}]*queue="assign_driver"[^}]*outcome="retry"[^}]*\} [1-9]/,
      );
    });
    await platform.freeDriver('driver-late');
    await platform.reached('order-waiting', 'driver_assigned');
    expect(await platform.state.stores.orders.find('order-waiting')).toMatchObject({
      driverId: 'driver-late',
    });
    expect(await deadMessages()).toBe(0);
  });
});

describe('a message that a customer was to get by a task', () => {
  it('rests in the dead-letter queue of the tasks when its task fails for good, with what it was about', async () => {
    const { orderId, userId, contact } = sampleOrder('order-not-delivered');
    await platform.state.stores.orders.record(sampleOrder(orderId));
    await platform.messaging.publisher.publish(
      'send_notification',
      { orderId, userId, about: 'order_delivered', contact },
      { messageId: `send_notification:${orderId}:order_delivered` },
    );
    const raw = await connectRaw(platform.amqpUrl);
    const { content, properties } = await raw.take('notifications.dead');
    expect(properties.headers).toMatchObject({
      task: 'tasks.send_delivery_update',
      id: 'send_delivery_update:order-not-delivered:delivered',
    });
    expect(JSON.parse(String(content))[1]).toEqual({ order_id: orderId, status: 'delivered' });
    expect(await readMessages(platform.catcherUrl, `about=${orderId}`)).toEqual([]);
    await raw.close();
  });
});

describe('many orders with a provider in trouble and messages that come twice', () => {
  const orderIds = Array.from({ length: 30 }, (_, index) => `order-many-${index}`);

  it('are each charged exactly once', async () => {
    for (const kind of ['error', 'drop-response'] as const) {
      await injectFault(platform.sandboxUrl, { kind, ratio: 0.3 });
    }
    await injectFault(platform.sandboxUrl, { kind: 'latency', ms: 50, ratio: 0.5 });
    await Promise.all(
      orderIds.flatMap((orderId) => [
        platform.place(orderId),
        // A copy under another name, as a publisher that does not keep to the names would send it.
        platform.messaging.publisher.publish(
          'payment_process',
          {
            orderId,
            userId: 'user-1',
            amount: { amountMinor: 1_900, currency: 'EUR' },
            paymentMethod: 'pm_card_visa',
          },
          { messageId: `copy:payment_process:${orderId}` },
        ),
      ]),
    );
    await Promise.all(orderIds.map((orderId) => platform.reached(orderId, 'paid')));
    await clearFaults(platform.sandboxUrl);
    const { charges, totals } = await readLedger(platform.sandboxUrl);
    const charged = charges.filter(({ status }) => status === 'succeeded').map(({ orderId }) => orderId);
    expect(totals.doubleCharged).toBe(0);
    for (const orderId of orderIds) expect(charged.filter((each) => each === orderId)).toHaveLength(1);
    expect(totals.replayed).toBeGreaterThan(0);
  });
});

describe('the metrics of the services', () => {
  const scrape = async (index: number) =>
    (await platform.services[index]?.call('GET', '/metrics'))?.text ?? '';

  it('count orders, and show how many are in each status', async () => {
    const text = await scrape(0);
    expect(text).toMatch(/orders_created_total\{[^}]*\} 33/);
    expect(text).toMatch(/orders_by_status\{[^}]*status="delivered"[^}]*\} 1\b/);
    expect(text).toMatch(/orders_by_status\{[^}]*status="payment_declined"[^}]*\} 1\b/);
  });

  it('count what was paid, and when and where the orders were placed', async () => {
    const text = await scrape(0);
    expect(text).toMatch(/orders_revenue_total\{[^}]*currency="EUR"[^}]*\} [1-9]/);
    expect(text).toMatch(/restaurant_orders\{[^}]*restaurant="[^"]+"[^}]*\} [1-9]/);
    const hours = [...text.matchAll(/orders_by_hour_total\{hour="(\d\d)"[^}]*\} (\d+)/g)];
    expect(hours).toHaveLength(24);
    expect(hours.reduce((sum, [, , count]) => sum + Number(count), 0)).toBe(33);
  });

  it('show for each schedule entry when it was last due', async () => {
    const text = await scrape(0);
    for (const entry of Object.keys(smartEats.schedule)) {
      expect(text).toMatch(
        new RegExp(`schedule_last_tick_timestamp_seconds\\{entry="${entry}"[^}]*\\} 1[0-9.e+]+`),
      );
      expect(text).toMatch(new RegExp(`schedule_longest_gap_seconds\\{entry="${entry}"[^}]*\\} [1-9]`));
    }
  });

  it('show deliveries by zone and by stage', async () => {
    const text = await scrape(2);
    expect(text).toMatch(/deliveries_by_zone_total\{[^}]*zone="[0-9a-z]{6}"[^}]*\} 1\b/);
    expect(text).toMatch(/deliveries_active\{[^}]*stage="driver_assigned"[^}]*\} \d/);
  });

  it('count charges by outcome, notifications by channel, deliveries and free drivers', async () => {
    expect(await scrape(1)).toMatch(/payments_total\{[^}]*outcome="declined"[^}]*\} 1\b/);
    expect(await scrape(2)).toMatch(/delivery_time_seconds_count\{[^}]*\} 1\b/);
    expect(await scrape(2)).toMatch(/drivers\{[^}]*state="free"[^}]*\} \d/);
    expect(await scrape(4)).toMatch(
      /notifications_sent_total\{[^}]*channel="mail"[^}]*about="order_delivered"[^}]*\} 1\b/,
    );
  });
});
