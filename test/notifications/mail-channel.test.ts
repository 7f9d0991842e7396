import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createMailChannel, type MailChannel } from '../../workers/notifications/mail-channel.ts';
import { orderMessage } from '../../workers/notifications/order-message.ts';
import { answer, startTestMailServer, type TestMailServer } from './mail-servers.ts';

let server: TestMailServer | undefined;
let channel: MailChannel | undefined;
afterEach(async () => {
  channel?.close();
  await server?.stop();
});

const notification = (restaurantName = 'Trattoria Roma') => ({
  notificationId: 'order-1:order_delivered:mail',
  text: orderMessage('order_delivered', {
    restaurantName,
    timeZone: 'Europe/Berlin',
    locale: 'en',
    order: {
      orderId: 'order-1',
      items: [],
      total: { amountMinor: 1_800, currency: 'EUR' },
      placedAt: '2026-11-23T12:00:00.000Z',
    },
  }),
});

function send(url: string, options: { to?: string; restaurantName?: string; signal?: AbortSignal } = {}) {
  channel = createMailChannel({ url, from: 'SmartEats <orders@smarteats.example>' });
  const signal = options.signal ?? new AbortController().signal;
  return channel.send(options.to ?? 'you@example.com', notification(options.restaurantName), signal);
}

/** Header lines of a mail, unfolded. */
const headersOf = (mail: string) =>
  (mail.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ').split('\r\n');

describe('a mail', () => {
  it('has a Message-ID that follows from the notification, and says that a machine wrote it', async () => {
    server = await startTestMailServer();
    expect(await send(server.url)).toEqual({ kind: 'sent' });
    expect(headersOf(server.mails[0] ?? '')).toEqual(
      expect.arrayContaining([
        'Message-ID: <order-1.order_delivered.mail@smarteats.example>',
        'From: SmartEats <orders@smarteats.example>',
        'To: you@example.com',
        'Auto-Submitted: auto-generated',
      ]),
    );
  });

  it('comes as text and as HTML', async () => {
    server = await startTestMailServer();
    await send(server.url);
    expect(server.mails[0]).toContain('Content-Type: text/plain');
    expect(server.mails[0]).toContain('Content-Type: text/html');
  });

  it('gets no header from a restaurant whose name has line breaks', async () => {
    server = await startTestMailServer();
    await send(server.url, { restaurantName: 'Evil\r\nBcc: all@example.com\r\n\r\nBody' });
    const headers = headersOf(server.mails[0] ?? '');
    expect(headers.filter((line) => /^bcc:/i.test(line))).toEqual([]);
    expect(
      headers.some((line) => line.startsWith('Subject: ') && line.includes('Evil Bcc: all@example.com')),
    ).toBe(true);
  });
});

describe('a mail server', () => {
  it.each([550, 552, 553])('that refuses the recipient with %i refuses for good', async (code) => {
    server = await startTestMailServer({
      onRcptTo: (_address, _session, done) => done(answer(code, 'no such mailbox')),
    });
    expect(await send(server.url)).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('no such mailbox'),
    });
  });

  it('that refuses the content with 554 refuses for good', async () => {
    server = await startTestMailServer({
      onData: (stream, _session, done) => {
        stream.resume();
        stream.on('end', () => done(answer(554, 'looks like spam')));
      },
    });
    expect(await send(server.url)).toMatchObject({ kind: 'refused' });
  });

  it.each([421, 450, 451])('that answers %i for the recipient is worth another attempt', async (code) => {
    server = await startTestMailServer({
      onRcptTo: (_address, _session, done) => done(answer(code, 'later')),
    });
    await expect(send(server.url)).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
  });

  it('that refuses our sender address is worth another attempt: it concerns every mail', async () => {
    server = await startTestMailServer({
      onMailFrom: (_address, _session, done) => done(answer(550, 'who?')),
    });
    await expect(send(server.url)).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
  });

  it('that refuses our login is worth another attempt', async () => {
    server = await startTestMailServer({
      authOptional: false,
      onAuth: (_auth, _session, done) => done(answer(535, 'wrong password')),
    });
    const url = server.url.replace('smtp://', 'smtp://user:wrong@');
    await expect(send(url)).rejects.toMatchObject({
      code: 'NOTIFICATION_PROVIDER_FAILED',
      details: { status: 535 },
    });
  });

  it('that is down is worth another attempt', async () => {
    server = await startTestMailServer();
    await server.stop();
    await expect(send(server.url)).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
  });

  it('that hangs up in the middle is worth another attempt', async () => {
    const rude = await listen((socket) => socket.destroy());
    await expect(send(rude.url)).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
    rude.close();
  });

  it('that never answers does not hold a handler longer than its time limit', async () => {
    const silent = await listen((socket) => socket.resume());
    const started = AbortSignal.timeout(200);
    await expect(send(silent.url, { signal: started })).rejects.toMatchObject({
      code: 'NOTIFICATION_PROVIDER_FAILED',
      details: { code: 'EABORT' },
    });
    silent.close();
  });
});

async function listen(
  onConnection: Parameters<typeof createServer>[1],
): Promise<{ url: string; close: () => Server }> {
  const raw = createServer(onConnection ?? (() => undefined));
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const address = raw.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `smtp://127.0.0.1:${address.port}`, close: () => raw.close() };
}
