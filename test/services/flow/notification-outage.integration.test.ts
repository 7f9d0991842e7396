import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { answer, startTestMailServer, type TestMailServer } from '../../notifications/mail-servers.ts';
import { readMessages } from '../message-catcher/catcher-client.ts';
import { sampleOrder } from '../sample-order.ts';
import { type OrderPlatform, startOrderPlatform } from './order-platform.ts';

jest.setTimeout(120_000);

let platform: OrderPlatform;
let server: TestMailServer;
let port: number;
beforeAll(async () => {
  // Takes a port that is free for the mail servers of all tests here.
  server = await startTestMailServer();
  port = server.port;
  await server.stop();
  platform = await startOrderPlatform({ SMTP_URL: `smtp://127.0.0.1:${port}` });
});
afterAll(() => platform.close());

let orderId: string;
let count = 0;
beforeEach(async () => {
  count += 1;
  orderId = `order-outage-${count}`;
  await platform.state.stores.orders.record(sampleOrder(orderId));
});
afterEach(() => server.stop());

const notify = (about: 'order_confirmed' | 'payment_declined' = 'payment_declined') =>
  platform.messaging.publisher.publish(
    'send_notification',
    { orderId, userId: 'user-1', about, contact: sampleOrder(orderId).contact },
    { messageId: `send_notification:${orderId}:${about}` },
  );

const accountOf = async () => (await platform.state.ledger.accounts())['send_notification'];
const smsSent = async () => (await readMessages(platform.catcherUrl, `about=${orderId}&channel=sms`)).length;

/** How often the notification service has put a notification off so far. */
async function retries(): Promise<number> {
  const { text } = (await platform.services[3]?.call('GET', '/metrics')) ?? { text: '' };
  const pattern = /messages_handled_total\{[^}]*queue="send_notification"[^}]*outcome="retry"[^}]*\} (\d+)/;
  return Number(pattern.exec(text)?.[1] ?? 0);
}

const putOffAgain = (before: number) =>
  eventually(async () => expect(await retries()).toBeGreaterThan(before));

describe('while the mail server', () => {
  it('is down, the SMS goes out once; the mail follows once the server is up', async () => {
    const before = await retries();
    await notify();
    await putOffAgain(before);
    expect(await smsSent()).toBe(1);
    server = await startTestMailServer({}, port);
    await eventually(() => expect(server.mails).toHaveLength(1), 60_000);
    await platform.quiet();
    expect(server.mails).toHaveLength(1);
    expect(await smsSent()).toBe(1);
    expect(await accountOf()).toMatchObject({ dead: 0 });
  });

  it('refuses mails for now, they are tried again and arrive once', async () => {
    let refusals = 2;
    server = await startTestMailServer(
      {
        onRcptTo: (_address, _session, done) => {
          refusals -= 1;
          if (refusals >= 0) done(answer(451, 'try again later'));
          else done();
        },
      },
      port,
    );
    await notify();
    await eventually(() => expect(server.mails).toHaveLength(1), 60_000);
    await platform.quiet();
    expect(server.mails[0]).toContain(`${orderId}.payment_declined.mail@smarteats.example`);
    expect(await smsSent()).toBe(1);
  });

  it('refuses the address for good, the SMS goes out and the message rests with the reason', async () => {
    const dead = (await accountOf())?.dead ?? 0;
    server = await startTestMailServer(
      { onRcptTo: (_address, _session, done) => done(answer(550, 'no such mailbox')) },
      port,
    );
    await notify();
    await eventually(async () => expect((await accountOf())?.dead).toBe(dead + 1));
    expect(await smsSent()).toBe(1);
    const logged = platform.services[3]?.logged.map((line) => JSON.stringify(line)).join('\n');
    expect(logged).toContain('no such mailbox');
  });

  it('is down, the task that confirms an order is tried again like that, and the mail arrives once', async () => {
    for (const status of ['paid', 'confirmed'] as const)
      await platform.state.stores.orders.transition(orderId, status);
    await notify('order_confirmed');
    await eventually(async () => expect(await smsSent()).toBe(1));
    // Asked for again, as by a publisher that does not keep to the names, while the first one waits for its next attempt.
    await platform.messaging.publisher.publish(
      'send_notification',
      { orderId, userId: 'user-1', about: 'order_confirmed', contact: sampleOrder(orderId).contact },
      { messageId: `copy:${orderId}` },
    );
    await platform.quiet();
    server = await startTestMailServer({}, port);
    await eventually(() => expect(server.mails).toHaveLength(1), 60_000);
    expect(server.mails[0]).toContain(`${orderId}.order_confirmed.mail@smarteats.example`);
    const ended = () => platform.services[4]?.logged.filter(({ msg }) => msg === 'a task failed').length;
    expect(ended()).toBe(0);
    expect(await smsSent()).toBe(1);
  });
});
