import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NotificationChannel, SendResult } from '../../../workers/notifications/channel.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import type { Contact } from '../../../workers/platform/order.ts';
import type { PayloadOf, SmartEats } from '../../../workers/platform/platform.ts';
import { notificationHandlers } from '../../../workers/services/notification/notification-handlers.ts';
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
  await world.orderIn('confirmed', orderId);
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

function notify(
  channels: readonly NotificationChannel[],
  contact: Contact = { email: 'a@example.com', phone: '+4915112345678' },
) {
  const { stores } = world.state;
  const payload: PayloadOf<SmartEats, 'send_notification'> = {
    orderId,
    userId: 'user-1',
    about: 'order_confirmed',
    contact,
  };
  return notificationHandlers({
    stores,
    notifications: stores.notifications,
    channels,
    metrics: world.metrics,
  }).send_notification(payload, deliveryOf(payload));
}

describe('send_notification', () => {
  it('goes out on every channel the customer has, under a name that stays the same', async () => {
    const [mail, sms] = [channel('mail', sent), channel('sms', sent)];
    await notify([mail, sms]);
    expect(mail.asked).toEqual([`a@example.com ${orderId}:order_confirmed:mail`]);
    expect(sms.asked).toEqual([`+4915112345678 ${orderId}:order_confirmed:sms`]);
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

async function counted(channelName: string): Promise<number> {
  const { body } = await world.metrics.scrape();
  const line = body
    .split('\n')
    .find((each) => each.startsWith('notifications_sent_total') && each.includes(`"${channelName}"`));
  return Number(line?.split(' ').at(-1) ?? 0);
}
