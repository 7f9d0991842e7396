import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationChannel, SendResult } from '../../../workers/notifications/channel.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import type { Contact } from '../../../workers/platform/order.ts';
import type { PayloadOf, SmartEats } from '../../../workers/platform/platform.ts';
import { notificationHandlers } from '../../../workers/services/notification/notification-handlers.ts';
import type { OrderTask, OrderTasks } from '../../../workers/services/notification/order-tasks.ts';
import { deliveryOf } from '../delivery-of.ts';
import { OrderWorld } from '../order-flow/order-world.ts';

let world: OrderWorld;
let orderId: string;
let count = 0;
beforeAll(async () => {
  world = await OrderWorld.open();
});
afterAll(() => world.close());
beforeEach(async () => {
  count += 1;
  orderId = `order_${count}_`;
  await world.orderIn('payment_declined', orderId);
});

const sent: SendResult = { kind: 'sent' };
const refused: SendResult = { kind: 'refused', reason: 'no such address' };
const failure = new PlatformError('NOTIFICATION_PROVIDER_FAILED');

/** A channel that gives the listed answers, the last of them for ever, and notes what it was asked to send. */
function channel(name: 'mail' | 'sms', ...answers: readonly (SendResult | Error)[]) {
  const asked: string[] = [];
  const each: NotificationChannel & { readonly asked: string[] } = {
    name,
    asked,
    addressOf: ({ email, phone }) => (name === 'mail' ? email : phone),
    send: async (to, { notificationId }) => {
      asked.push(`${to} ${notificationId}`);
      const answer = answers[Math.min(asked.length, answers.length) - 1] ?? sent;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  return each;
}

interface Asked {
  readonly about?: PayloadOf<SmartEats, 'send_notification'>['about'];
  readonly tasks?: OrderTasks;
}

const noTasks: OrderTasks = { call: () => Promise.reject(new Error('there is no task for this')) };

function notify(
  channels: readonly NotificationChannel[],
  contact: Contact = { email: 'a@example.com', phone: '+4915112345678' },
  { about = 'payment_declined', tasks = noTasks }: Asked = {},
) {
  const { stores } = world.state;
  const payload: PayloadOf<SmartEats, 'send_notification'> = {
    orderId,
    userId: 'user-1',
    about,
    contact,
  };
  return notificationHandlers({
    stores,
    notifications: stores.notifications,
    channels,
    metrics: world.metrics,
    tasks,
  }).send_notification(payload, deliveryOf(payload));
}

describe('send_notification', () => {
  it('goes out on every channel the customer has, under a name that stays the same', async () => {
    const [mail, sms] = [channel('mail', sent), channel('sms', sent)];
    await notify([mail, sms]);
    expect(mail.asked).toEqual([`a@example.com ${orderId}:payment_declined:mail`]);
    expect(sms.asked).toEqual([`+4915112345678 ${orderId}:payment_declined:sms`]);
  });

  it('sends no SMS to a customer without a phone', async () => {
    const [mail, sms] = [channel('mail', sent), channel('sms', sent)];
    await notify([mail, sms], { email: 'a@example.com' });
    expect([mail.asked.length, sms.asked.length]).toEqual([1, 0]);
  });

  it('tries a failing channel again without repeating the other one', async () => {
    const [mail, sms] = [channel('mail', sent), channel('sms', failure, sent)];
    await expect(notify([mail, sms])).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
    await notify([mail, sms]);
    expect([mail.asked.length, sms.asked.length]).toEqual([1, 2]);
  });

  it('reaches the customer by SMS though the mail address is refused, and then rests with the reason', async () => {
    const [mail, sms] = [channel('mail', refused), channel('sms', sent)];
    await expect(notify([mail, sms])).rejects.toMatchObject({
      code: 'MESSAGE_REJECTED',
      message: /no such address/,
      details: { orderId, refusals: ['no such address'] },
    });
    expect(sms.asked).toHaveLength(1);
  });

  it('gives a failing channel its further attempts before it rests because of a refused one', async () => {
    const [mail, sms] = [channel('mail', refused), channel('sms', failure, sent)];
    await expect(notify([mail, sms])).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
    await expect(notify([mail, sms])).rejects.toMatchObject({ code: 'MESSAGE_REJECTED' });
    expect(sms.asked).toHaveLength(2);
  });

  it('of an order that is not recorded yet is tried again', async () => {
    orderId = 'order_unknown';
    await expect(notify([channel('mail', sent)])).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
  });

  it('counts what was sent, by channel and subject', async () => {
    const before = await counted('sms');
    await notify([channel('mail', sent), channel('sms', sent)]);
    await notify([channel('mail', sent), channel('sms', sent)]);
    expect(await counted('sms')).toBe(before + 1);
  });
});

describe('send_notification of a step that has a task', () => {
  const contact = { email: 'a@example.com' };
  const called: OrderTask[] = [];
  const tasks: OrderTasks = { call: async (task) => void called.push(task) };
  beforeEach(() => {
    called.length = 0;
  });

  it.each([
    ['order_confirmed', 'tasks.send_order_confirmation', {}],
    ['driver_assigned', 'tasks.send_delivery_update', { status: 'driver_assigned' }],
    ['order_picked_up', 'tasks.send_delivery_update', { status: 'picked_up' }],
    ['order_delivered', 'tasks.send_delivery_update', { status: 'delivered' }],
  ] as const)('calls the task for %s, and sends nothing itself', async (about, task, more) => {
    const mail = channel('mail', sent);
    await notify([mail], contact, { about, tasks });
    expect(called).toMatchObject([{ task, kwargs: { order_id: orderId, ...more } }]);
    expect(mail.asked).toEqual([]);
  });

  it('names the task after what it is about, so that a repetition is the same task', async () => {
    for (const about of ['driver_assigned', 'order_delivered', 'order_delivered'] as const)
      await notify([], contact, { about, tasks });
    const [assigned, delivered, again] = called.map(({ id }) => id);
    expect(again).toBe(delivered);
    expect(assigned).not.toBe(delivered);
  });

  it('waits for an order that is not recorded yet, and is tried again while the broker does not take the task', async () => {
    const known = orderId;
    orderId = 'order_unknown';
    const about = 'order_confirmed';
    await expect(notify([], contact, { about, tasks })).rejects.toMatchObject({ code: 'ORDER_UNKNOWN' });
    expect(called).toEqual([]);
    orderId = known;
    const refusing = { call: () => Promise.reject(new PlatformError('PUBLISH_ABORTED')) };
    await expect(notify([], contact, { about, tasks: refusing })).rejects.toMatchObject({
      code: 'PUBLISH_ABORTED',
    });
  });
});

async function counted(channelName: string): Promise<number> {
  const { body } = await world.metrics.scrape();
  const line = body
    .split('\n')
    .find((each) => each.startsWith('notifications_sent_total') && each.includes(`"${channelName}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}
