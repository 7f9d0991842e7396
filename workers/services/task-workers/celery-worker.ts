import { createMailChannel } from '../../notifications/mail-channel.ts';
import { UnsubscribeLinks } from '../../notifications/unsubscribe-link.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { celeryTasks } from '../../tasks/platform-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runTasks } from './run-tasks.ts';

const now = () => new Date();

/** Upkeep, reminders and the start of the daily figures. */
export const celeryWorker: ServiceModule<SmartEats, 'celery-worker'> = {
  background: async (deps) => {
    const { config, log, metrics, state } = deps;
    const { stores } = state;
    const publicUrl = config.PUBLIC_URL ?? '';
    const mail = createMailChannel({ url: config.SMTP_URL, from: config.MAIL_FROM });
    const tasks = celeryTasks({
      analytics: { stores, now },
      cleanup: { carts: stores.carts },
      reminders: {
        reminders: stores.reminders,
        users: stores.users,
        mail,
        links: new UnsubscribeLinks(config.REPORT_LINK_SECRET ?? '', publicUrl),
        orderUrl: publicUrl,
        metrics,
        log,
      },
    });
    return runTasks(deps, 'celery', tasks, { end: () => mail.close() });
  },
};
