import { createMailChannel } from '../../notifications/mail-channel.ts';
import { createSmsChannel } from '../../notifications/sms-channel.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { notificationQueueTasks } from '../../tasks/platform-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { runTasks } from './run-tasks.ts';

/** Confirmations and delivery updates. */
export const notificationsWorker: ServiceModule<SmartEats, 'notifications-worker'> = {
  background: async (deps) => {
    const { config, log, metrics, state } = deps;
    const { stores } = state;
    const mail = createMailChannel({ url: config.SMTP_URL, from: config.MAIL_FROM });
    const sms = createSmsChannel({ url: config.SMS_API_URL, token: config.SMS_API_TOKEN });
    const { notifications } = stores;
    const tasks = notificationQueueTasks({ stores, notifications, channels: [mail, sms], metrics, log });
    return runTasks(deps, 'notifications', tasks, { end: () => mail.close() });
  },
};
