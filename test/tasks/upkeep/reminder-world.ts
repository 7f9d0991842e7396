import type { NotificationChannel, SendResult } from '../../../workers/notifications/channel.ts';
import { UnsubscribeLinks } from '../../../workers/notifications/unsubscribe-link.ts';
import type { ReminderDeps } from '../../../workers/tasks/upkeep/send-reminders.ts';
import { createMetrics } from '../../../workers/telemetry/metrics.ts';
import { recordedLog } from '../../state/recorded-log.ts';
import type { TestState } from '../open-stores.ts';

/** The day on which the tests' reminders are sent. */
export const today = new Date('2026-11-25T10:00:00Z');

export function daysAgo(days: number): Date {
  return new Date(today.getTime() - days * 86_400_000);
}

/** What `sendReminders` needs, over a state, with a channel that answers as the test says. */
export function reminderDeps(
  { state: { stores } }: TestState,
  answer: (to: string) => SendResult | Error,
  changes: Partial<ReminderDeps> = {},
): ReminderDeps {
  const mail: NotificationChannel = {
    name: 'mail',
    addressOf: ({ email }) => email,
    send: async (to) => {
      const given = answer(to);
      if (given instanceof Error) throw given;
      return given;
    },
  };
  return {
    reminders: stores.reminders,
    users: stores.users,
    mail,
    links: new UnsubscribeLinks('a secret of the test', 'https://smarteats.example'),
    orderUrl: 'https://smarteats.example/',
    metrics: createMetrics('test'),
    log: recordedLog(),
    now: () => today,
    ...changes,
  };
}
