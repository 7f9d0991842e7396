import { describe, expect, it } from '@jest/globals';
import {
  type CaughtMessage,
  CaughtMessages,
} from '../../../workers/services/message-catcher/caught-messages.ts';

const mail = (changes: Partial<CaughtMessage> = {}): CaughtMessage => ({
  channel: 'mail',
  to: ['a@example.com'],
  subject: 'Hello',
  text: 'text',
  key: 'order-1.order_confirmed.mail@smarteats.example',
  receivedAt: '2026-01-01T00:00:00.000Z',
  ...changes,
});

const sms = (changes: Partial<CaughtMessage> = {}): CaughtMessage => ({
  ...mail({ to: ['+4915112345678'], key: 'order-1:order_confirmed:sms' }),
  channel: 'sms',
  ...changes,
});

describe('caught messages', () => {
  it('are listed newest first', () => {
    const caught = new CaughtMessages();
    caught.add(mail({ subject: 'first' }));
    caught.add(mail({ subject: 'second' }));
    expect(caught.list().map(({ subject }) => subject)).toEqual(['second', 'first']);
  });

  it('are found by address, channel and order', () => {
    const caught = new CaughtMessages();
    const other = mail({ to: ['b@example.com'], key: 'order-10.order_confirmed.mail@smarteats.example' });
    for (const message of [mail(), sms(), other, mail({ key: null, subject: 'about nothing' })])
      caught.add(message);
    expect(caught.list({ to: 'b@example.com' })).toEqual([other]);
    expect(caught.list({ channel: 'sms' })).toEqual([sms()]);
    expect(caught.list({ about: 'order-1' })).toEqual([sms(), mail()]);
    expect(caught.list({ about: 'order-1', channel: 'mail' })).toEqual([mail()]);
    expect(caught.list({ about: 'order' })).toEqual([]);
  });

  it('are counted all, though only the newest are held', () => {
    const caught = new CaughtMessages(2);
    for (const subject of ['1', '2', '3']) caught.add(mail({ subject, key: subject }));
    expect(caught.list().map(({ subject }) => subject)).toEqual(['3', '2']);
    expect(caught.summary).toEqual({ mails: 3, sms: 0, duplicates: 0 });
  });

  it('count as duplicates when their key came before on the same channel', () => {
    const caught = new CaughtMessages();
    caught.add(mail({ key: 'k' }));
    caught.add(mail({ key: 'k' }));
    caught.add(sms({ key: 'k' }));
    caught.add(sms({ key: null }));
    caught.add(sms({ key: null }));
    expect(caught.summary).toEqual({ mails: 2, sms: 3, duplicates: 1 });
  });

  it('forget the oldest keys rather than grow without bound', () => {
    const caught = new CaughtMessages(10, 2);
    for (const key of ['a', 'b', 'c', 'a', 'c']) caught.add(mail({ key }));
    expect(caught.summary.duplicates).toBe(1);
  });

  it('hold no more of a text than a page can show', () => {
    const caught = new CaughtMessages();
    caught.add(mail({ text: 'x'.repeat(1_000_000) }));
    expect(caught.list()[0]?.text.length).toBe(16 * 1024);
  });
});
