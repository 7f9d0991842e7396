import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { simpleParser } from 'mailparser';
import { createMailChannel } from '../../../workers/notifications/mail-channel.ts';
import { PlatformError } from '../../../workers/platform/errors.ts';
import { sendReminders } from '../../../workers/tasks/upkeep/send-reminders.ts';
import { startTestMailServer } from '../../notifications/mail-servers.ts';
import { sampleOrder, sampleUser } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { taskContext } from '../task-context.ts';
import { daysAgo, reminderDeps, today } from './reminder-world.ts';

let opened: TestState;
let mails: string[];
beforeEach(async () => {
  opened = await openTestState();
  mails = [];
});
afterEach(() => opened.close());

const sent = { kind: 'sent' } as const;
const takes = (to: string) => {
  mails.push(to);
  return sent;
};
const join = (userId: string, days: number, locale = 'en') =>
  opened.state.stores.users.create(
    sampleUser({ userId, email: `${userId}@example.com`, locale, createdAt: daysAgo(days).toISOString() }),
  );
const order = (userId: string, days: number) =>
  opened.state.stores.orders.record(sampleOrder({ userId, placedAt: daysAgo(days).toISOString() }));
const run = (changes: Parameters<typeof reminderDeps>[2] = {}) =>
  sendReminders(reminderDeps(opened, takes, changes), taskContext().context);

describe('send_reminders', () => {
  it('reminds customers who have not ordered for two weeks, and nobody else', async () => {
    await join('idle', 100);
    await order('idle', 20);
    await join('never-ordered', 15);
    await join('active', 100);
    await order('active', 3);
    await join('new', 2);
    expect(await run()).toEqual({ sent: 2, refused: 0, skipped: 0, passedOver: 0, left: 0 });
    expect(mails.sort()).toEqual(['idle@example.com', 'never-ordered@example.com']);
  });

  it('reminds a customer once in a period, however often it runs', async () => {
    await join('idle', 100);
    await run();
    await run();
    const inDays = (days: number) => ({ now: () => new Date(today.getTime() + days * 86_400_000) });
    await run(inDays(29));
    expect(mails).toHaveLength(1);
    await run(inDays(30));
    expect(mails).toHaveLength(2);
  });

  it('reminds each customer once though two runs work side by side', async () => {
    for (let i = 0; i < 100; i += 1) await join(`user-${i}`, 100);
    await Promise.all([run({ batchSize: 7 }), run({ batchSize: 7 })]);
    expect(mails).toHaveLength(100);
    expect(new Set(mails).size).toBe(100);
  });

  it('reminds nobody who unsubscribed', async () => {
    await join('idle', 100);
    await opened.state.stores.reminders.unsubscribe('idle');
    await run();
    await order('idle', 50);
    await run();
    expect(mails).toEqual([]);
  });

  it('leaves those idle whom the mail server in trouble did not take, and goes on with them later', async () => {
    for (let i = 0; i < 30; i += 1) await join(`user-${i}`, 100 - i);
    let taken = 0;
    const failing = () => {
      taken += 1;
      return taken > 12 ? new PlatformError('NOTIFICATION_PROVIDER_FAILED') : sent;
    };
    const { context, states } = taskContext();
    await expect(
      sendReminders(reminderDeps(opened, failing, { batchSize: 10 }), context),
    ).rejects.toMatchObject({
      code: 'NOTIFICATION_PROVIDER_FAILED',
    });
    expect(states.at(-1)).toEqual([
      'PROGRESS',
      { sent: 12, refused: 0, skipped: 0, passedOver: 0, left: 18 },
    ]);
    expect(await run()).toMatchObject({ sent: 18, left: 0 });
  });

  it('goes on where a run crashed, and sends nothing twice', async () => {
    for (let i = 0; i < 30; i += 1) await join(`user-${i}`, 100 - i);
    const { context } = taskContext();
    let steps = 0;
    const crashing = {
      ...context,
      updateState: async () => {
        steps += 1;
        if (steps === 2) throw new Error('the process was killed');
      },
    };
    await expect(sendReminders(reminderDeps(opened, takes, { batchSize: 10 }), crashing)).rejects.toThrow(
      'killed',
    );
    expect(mails).toHaveLength(20);
    await run({ batchSize: 10 });
    expect(mails).toHaveLength(30);
    expect(new Set(mails).size).toBe(30);
  });

  it('does not come back to an address that is refused, nor stops at an account that cannot be read', async () => {
    await join('gone', 100);
    await join('broken', 99);
    await join('good', 98);
    const redis = new Redis(opened.redis.url);
    await redis.set('user:broken', '{"userId":');
    redis.disconnect();
    const answer = (to: string) =>
      to.startsWith('gone') ? ({ kind: 'refused', reason: 'no such user' } as const) : takes(to);
    expect(await sendReminders(reminderDeps(opened, answer), taskContext().context)).toMatchObject({
      sent: 1,
      refused: 1,
      skipped: 1,
      left: 0,
    });
    expect(mails).toEqual(['good@example.com']);
  });

  it('hands over to the next run before its time is over', async () => {
    for (let i = 0; i < 30; i += 1) await join(`user-${i}`, 100);
    const { context, sent: tasks } = taskContext();
    const report = await sendReminders(reminderDeps(opened, takes, { batchSize: 10, runMs: 0 }), context);
    expect(report).toMatchObject({ sent: 10, left: 20, continuedBy: 'id-of-tasks.send_reminders' });
    expect(tasks).toEqual(['tasks.send_reminders']);
  });

  it('ends when its task is stopped, with everybody still idle who was not reminded', async () => {
    await join('idle', 100);
    const { context } = taskContext(AbortSignal.abort(new Error('soft time limit')));
    await expect(sendReminders(reminderDeps(opened, takes), context)).rejects.toThrow('soft time limit');
    expect(await opened.state.stores.reminders.countIdle(daysAgo(14))).toBe(1);
  });

  it('writes in the language of the account, with a link and headers that end it', async () => {
    await join('jana', 100, 'de-DE');
    const server = await startTestMailServer();
    const mail = createMailChannel({ url: server.url, from: 'SmartEats <orders@smarteats.example>' });
    await run({ mail });
    mail.close();
    await server.stop();
    const parsed = await simpleParser(server.mails[0] ?? '');
    expect(parsed.subject).toBe('Wieder hungrig?');
    expect(parsed.text).toContain('Hallo Ann,');
    const list = parsed.headers.get('list') as { unsubscribe: { url: string } };
    const { searchParams, pathname } = new URL(list.unsubscribe.url);
    expect([pathname, searchParams.get('user')]).toEqual(['/unsubscribe', 'jana']);
    expect(parsed.text).toContain(list.unsubscribe.url);
    expect(server.mails[0]).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click');
  });
});
