import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import getPort from 'get-port';
import { createTransport } from 'nodemailer';
import { createMessageCatcher } from '../../../workers/services/message-catcher/service.ts';
import { serveSandbox } from '../serve-sandbox.ts';
import { readMessages, readSummary } from './catcher-client.ts';

let smtpPort: number;
let catcher: Awaited<ReturnType<typeof serveSandbox>>;
beforeEach(async () => {
  smtpPort = await getPort({ host: '127.0.0.1' });
  catcher = await serveSandbox('message-catcher', createMessageCatcher(), { SMTP_PORT: String(smtpPort) });
});
afterEach(() => catcher.close());

async function mail(
  message: Readonly<Record<string, string>>,
  auth?: { user: string; pass: string },
): Promise<void> {
  const transport = createTransport({ host: '127.0.0.1', port: smtpPort, ...(auth && { auth }) });
  await transport.sendMail({
    from: 'us@example.com',
    to: 'you@example.com',
    subject: 'Hi',
    text: 'Text',
    ...message,
  });
  transport.close();
}

const sms = (body: unknown, key = 'order-1:order_confirmed:sms') =>
  fetch(`${catcher.url}/sms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  });

describe('the message catcher', () => {
  it('catches a mail with its subject, text, addresses and Message-ID', async () => {
    await mail({
      messageId: '<order-1.order_confirmed.mail@smarteats.example>',
      subject: 'Grüße — ✓',
      text: 'Hallo Ümläut',
    });
    expect(await readMessages(catcher.url)).toEqual([
      {
        channel: 'mail',
        to: ['you@example.com'],
        from: 'us@example.com',
        subject: 'Grüße — ✓',
        text: expect.stringContaining('Hallo Ümläut'),
        key: 'order-1.order_confirmed.mail@smarteats.example',
        receivedAt: expect.any(String),
      },
    ]);
  });

  it('catches an SMS', async () => {
    expect((await sms({ to: '+4915112345678', body: 'Hello' })).status).toBe(202);
    expect(await readMessages(catcher.url, 'channel=sms')).toMatchObject([
      { channel: 'sms', to: ['+4915112345678'], text: 'Hello', key: 'order-1:order_confirmed:sms' },
    ]);
  });

  it('lists by address, channel and order', async () => {
    await mail({ to: 'one@example.com', messageId: '<order-1.x.mail@smarteats.example>' });
    await mail({ to: 'two@example.com', messageId: '<order-2.x.mail@smarteats.example>' });
    await sms({ to: '+4915112345678', body: 'Hello' });
    expect(await readMessages(catcher.url, 'to=two@example.com')).toHaveLength(1);
    expect(await readMessages(catcher.url, 'about=order-1')).toHaveLength(2);
    expect(await readMessages(catcher.url, 'about=order-1&channel=mail')).toHaveLength(1);
    expect((await fetch(`${catcher.url}/messages?channel=fax`)).status).toBe(400);
  });

  it('tells repetitions from new messages', async () => {
    for (const key of ['a', 'a', 'b']) await sms({ to: '+4915112345678', body: 'Hello' }, key);
    await mail({ messageId: '<m@x>' });
    await mail({ messageId: '<m@x>' });
    expect(await readSummary(catcher.url)).toEqual({ mails: 2, sms: 3, duplicates: 2 });
  });

  it('refuses an SMS to something that is no number, or without text', async () => {
    expect((await sms({ to: '911', body: 'x' })).status).toBe(400);
    expect((await sms({ to: '+4915112345678', body: '' })).status).toBe(400);
    expect((await sms({ to: '+4915112345678', body: 'x', more: 1 })).status).toBe(400);
    expect(await readSummary(catcher.url)).toEqual({ mails: 0, sms: 0, duplicates: 0 });
  });

  it('takes any login', async () => {
    await mail({}, { user: 'anybody', pass: 'anything' });
    expect(await readSummary(catcher.url)).toMatchObject({ mails: 1 });
  });

  it('refuses a mail that is too large, and takes the next one', async () => {
    await expect(mail({ text: 'x'.repeat(300_000) })).rejects.toThrow();
    await mail({});
    expect(await readSummary(catcher.url)).toMatchObject({ mails: 1 });
  });

  it('shows messages on a page in which nothing of a message is markup', async () => {
    await mail({ subject: '<script>alert(1)</script>', text: '</pre><script>alert(2)</script>' });
    await sms({ to: '+4915112345678', body: '<b>bold</b>' });
    const answer = await fetch(`${catcher.url}/`);
    const text = await answer.text();
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect(text).not.toContain('<script');
    expect(text).not.toContain('<b>');
  });

  it('does not start when another program has its mail port', async () => {
    const second = serveSandbox('message-catcher', createMessageCatcher(), { SMTP_PORT: String(smtpPort) });
    await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });
});
