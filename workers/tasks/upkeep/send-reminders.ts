import type { TaskContext } from '../../celery/task.ts';
import type { NotificationChannel } from '../../notifications/channel.ts';
import { reminderMessage } from '../../notifications/reminder-message.ts';
import type { UnsubscribeLinks } from '../../notifications/unsubscribe-link.ts';
import type { Stores } from '../../state/records/stores.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import { mayPass } from '../declared-task.ts';

export interface ReminderDeps {
  readonly reminders: Stores['reminders'];
  readonly users: Pick<Stores['users'], 'find'>;
  /** How customers are reminded: by mail, which can be unsubscribed from. */
  readonly mail: NotificationChannel;
  readonly links: UnsubscribeLinks;
  /** Where customers order. */
  readonly orderUrl: string;
  readonly metrics: Pick<Metrics, 'count'>;
  readonly log: { warn(fields: object, message: string): void };
  /** Days without an order after which a customer is reminded. @default 14 */
  readonly afterDays?: number;
  /** Days within which a customer gets one reminder at most. @default 30 */
  readonly periodDays?: number;
  /** Customers of one step, who are reminded side by side. @default 100 */
  readonly batchSize?: number;
  /** How long one run may take before the next one goes on, in milliseconds. @default 40 minutes */
  readonly runMs?: number;
  /** @default the present */
  readonly now?: () => Date;
}

/** What a run did; `left` customers were still idle when it ended. */
export interface ReminderReport {
  readonly sent: number;
  /** Addresses that the mail server refused for good. */
  readonly refused: number;
  /** Customers without an account that can be read; the log says which. */
  readonly skipped: number;
  /** Customers whom another run reminded, or who ordered or unsubscribed in this moment. */
  readonly passedOver: number;
  readonly left: number;
  /** Id of the task that goes on. */
  readonly continuedBy?: string;
}

type Outcome = 'sent' | 'refused' | 'skipped' | 'passedOver';

const dayMs = 86_400_000;

/**
 * Reminds every customer who has not ordered for a while, those first who have been idle longest. A reminder is claimed
 * before it is sent, so that no customer gets two in a period, whatever crashes; the few that were under way in a crash
 * are left out rather than repeated. What is left to do is in the store alone: a run needs no more memory for a million
 * customers than for a hundred, and any later run goes on where one ended.
 *
 * @throws PlatformError NOTIFICATION_PROVIDER_FAILED once the mail server fails; those customers are still idle then
 */
export async function sendReminders(
  deps: ReminderDeps,
  context: Pick<TaskContext, 'signal' | 'updateState' | 'send'>,
): Promise<ReminderReport> {
  const { reminders, afterDays = 14, periodDays = 30, batchSize = 100, runMs = 2_400_000 } = deps;
  const began = deps.now?.() ?? new Date();
  const since = new Date(began.getTime() - afterDays * dayMs);
  const next = new Date(since.getTime() + periodDays * dayMs);
  const counts: Record<Outcome, number> = { sent: 0, refused: 0, skipped: 0, passedOver: 0 };
  const deadline = performance.now() + runMs;
  for (;;) {
    context.signal.throwIfAborted();
    const userIds = await reminders.idle(since, batchSize);
    if (userIds.length === 0) return { ...counts, left: 0 };
    const results = await Promise.allSettled(
      userIds.map((userId) => remind(deps, { userId, since, next }, context.signal)),
    );
    for (const result of results) if (result.status === 'fulfilled') counts[result.value] += 1;
    const left = await reminders.countIdle(since);
    await context.updateState('PROGRESS', { ...counts, left });
    const failed = results.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    if (left > 0 && performance.now() > deadline) {
      const [[continuedBy]] = await context.send(nextRun);
      return { ...counts, left, continuedBy };
    }
  }
}

const nextRun = {
  task: 'tasks.send_reminders',
  args: [],
  kwargs: {},
  options: {},
  subtask_type: null,
  immutable: true,
} as const;

async function remind(
  { reminders, users, mail, links, orderUrl, metrics, log }: ReminderDeps,
  { userId, since, next }: { readonly userId: string; readonly since: Date; readonly next: Date },
  signal: AbortSignal,
): Promise<Outcome> {
  if (!(await reminders.claim(userId, since, next))) return 'passedOver';
  try {
    const user = await users.find(userId);
    const to = user && mail.addressOf(user);
    if (user === undefined || to === undefined) return 'skipped';
    const unsubscribeUrl = links.linkFor(userId);
    const { name, locale = 'en' } = user;
    const text = reminderMessage({ name, locale, orderUrl, unsubscribeUrl });
    // The moment from which the customer counts as idle names the reminder.
    const notificationId = `${userId}:reminder-${next.getTime()}:${mail.name}`;
    const { kind } = await mail.send(to, { notificationId, text, unsubscribeUrl }, signal);
    if (kind === 'refused') return 'refused';
    metrics.count('notifications_sent_total', { channel: mail.name, about: 'reminder' });
    return 'sent';
  } catch (error) {
    // An account that cannot be read must not stop the others, now or in any later run.
    if (!mayPass(error) && !signal.aborted) {
      log.warn({ err: error, userId }, 'a customer cannot be reminded');
      return 'skipped';
    }
    await reminders.giveBack(userId, next, since);
    throw error;
  }
}
