import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { simpleParser } from 'mailparser';
import type { NotificationChannel } from '../../../workers/notifications/channel.ts';
import { createMailChannel, type MailChannel } from '../../../workers/notifications/mail-channel.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { notificationHandlers } from '../../../workers/services/notification/notification-handlers.ts';
import { mayPass } from '../../../workers/tasks/declared-task.ts';
import { notificationTasks } from '../../../workers/tasks/notifications/notification-tasks.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';
import { answer, startTestMailServer, type TestMailServer } from '../../notifications/mail-servers.ts';
import { deliveryOf } from '../../services/delivery-of.ts';
import { freshId, sampleOrder, sampleRestaurant, sampleUser } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { taskContext } from '../task-context.ts';

let opened: TestState;
let server: TestMailServer;
let refuse: Error | undefined;
let mail: MailChannel;
let orderId: string;
beforeAll(async () => {
  opened = await openTestState();
  server = await startTestMailServer({
    onRcptTo: (_address, _session, done) => done(refuse),
  });
  mail = createMailChannel({ url: server.url, from: 'SmartEats <orders@smarteats.example>' });
});
afterAll(async () => {
  mail.close();
  await server.stop();
  await opened.close();
});

/** Records an order of a German customer that was confirmed and no more. */
beforeEach(async () => {
  refuse = undefined;
  const { users, restaurants, orders } = opened.state.stores;
  const [user, restaurant] = [sampleUser({ locale: 'de-DE' }), sampleRestaurant()];
  orderId = freshId('order');
  await users.create(user);
  await restaurants.save(restaurant);
  await orders.record(sampleOrder({ orderId, userId: user.userId, restaurantId: restaurant.restaurantId }));
  await orders.transition(orderId, 'paid');
  await orders.transition(orderId, 'confirmed');
});

const warned: unknown[] = [];
const log = { warn: (fields: unknown) => void warned.push(fields) };
const depsOf = (channels: readonly NotificationChannel[]) => {
  const { stores } = opened.state;
  return { stores, notifications: stores.notifications, channels, metrics: createMetrics('test'), log };
};
const confirm = async (order = orderId, channels: readonly NotificationChannel[] = [mail]) =>
  notificationTasks(depsOf(channels)).sendOrderConfirmation.run({ order_id: order }, taskContext().context);
const update = async (status: 'driver_assigned' | 'picked_up' | 'delivered') =>
  notificationTasks(depsOf([mail])).sendDeliveryUpdate.run(
    { order_id: orderId, status },
    taskContext().context,
  );
const mailsAbout = () => server.mails.filter((each) => each.includes(orderId));

describe('send_order_confirmation', () => {
  it('writes to the customer in the language of the account, as text and HTML', async () => {
    expect(await confirm()).toEqual({ order_id: orderId, channels: { mail: 'sent' }, refusals: [] });
    const { subject, text, html } = await simpleParser(mailsAbout()[0] ?? '');
    expect(subject).toBe('Ihre Bestellung ist bestätigt: Roma');
    expect(text).toMatch(/2 × Pizza “Roma” 🍕 {2}25,00\s€/);
    // Noon in UTC is one o'clock at the restaurant.
    expect(text).toContain('23.11.2026, 13:00');
    expect(html).toContain('hat Ihre Bestellung angenommen');
  });

  it('sends one message, whatever comes again and whoever sends it', async () => {
    await Promise.allSettled([confirm(), confirm(), confirm()]);
    const payload = {
      orderId,
      userId: 'user-ann',
      about: 'order_confirmed' as const,
      contact: { email: 'ann@example.com' },
    };
    const tasks = { call: async () => void (await confirm()) };
    await notificationHandlers({ ...depsOf([mail]), tasks }).send_notification(payload, deliveryOf(payload));
    expect(await confirm()).toMatchObject({ channels: { mail: 'sent before' } });
    expect(mailsAbout()).toHaveLength(1);
  });

  it('leaves a message to the process that sends it just now, and looks again later', async () => {
    let goOn = (): void => undefined;
    const slow: NotificationChannel = {
      name: 'mail',
      addressOf: ({ email }) => email,
      send: () =>
        new Promise((resolve) => {
          goOn = () => resolve({ kind: 'sent' });
        }),
    };
    const first = confirm(orderId, [slow]);
    const second = await confirm().catch((error: unknown) => error);
    expect(second).toMatchObject({ code: 'NOTIFICATION_UNDER_WAY' });
    expect(mayPass(second)).toBe(true);
    goOn();
    await first;
    expect(await confirm()).toMatchObject({ channels: { mail: 'sent before' } });
  });

  it('that meets a provider in trouble is tried again, and then sends', async () => {
    refuse = answer(451, 'try again later');
    const failure = await confirm().catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
    expect(mayPass(failure)).toBe(true);
    refuse = undefined;
    expect(await confirm()).toMatchObject({ channels: { mail: 'sent' } });
    expect(mailsAbout()).toHaveLength(1);
  });

  it('reports an address that is refused for good, and is not tried again', async () => {
    refuse = answer(550, 'no such user');
    expect(await confirm()).toMatchObject({
      channels: { mail: 'refused' },
      refusals: [expect.stringContaining('no such user')],
    });
    expect(warned).toMatchObject([{ orderId, about: 'order_confirmed' }]);
  });

  it('of an order that nobody knows fails with a readable message, once', async () => {
    const failure = await confirm('order-nobody-knows').catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PlatformError);
    expect(failure).toMatchObject({
      code: 'ORDER_UNKNOWN',
      message: 'There is no order order-nobody-knows yet.',
    });
    expect(mayPass(failure)).toBe(false);
  });
});

describe('send_delivery_update', () => {
  it('tells each step of a delivery once', async () => {
    await opened.state.stores.orders.transition(orderId, 'driver_assigned', { driverId: 'driver-1' });
    await opened.state.stores.orders.transition(orderId, 'picked_up');
    await update('driver_assigned');
    await update('picked_up');
    await update('picked_up');
    const subjects = await Promise.all(mailsAbout().map(async (each) => (await simpleParser(each)).subject));
    expect(subjects).toEqual([
      'Ein Fahrer holt Ihre Bestellung: Roma',
      'Ihre Bestellung ist unterwegs: Roma',
    ]);
  });

  it('tells nothing that did not happen', async () => {
    const failure = await update('delivered').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'ORDER_STATUS_CONFLICT' });
    expect(mayPass(failure)).toBe(false);
    expect(mailsAbout()).toEqual([]);
  });
});
