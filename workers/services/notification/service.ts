import { nodeName } from '../../celery/worker/node-name.ts';
import { createMailChannel, type MailChannel } from '../../notifications/mail-channel.ts';
import { createSmsChannel } from '../../notifications/sms-channel.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { celeryBroker } from '../host/connections.ts';
import { measureSentTasks } from '../host/measure-sent-tasks.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { notificationHandlers } from './notification-handlers.ts';
import { connectOrderTasks, orderTaskNames } from './order-tasks.ts';

const name = 'notification-service';

/** A notification service; what it sends through is closed when its consumers have stopped. */
export function createNotificationService(): ServiceModule<SmartEats, 'notification-service'> {
  let mail: MailChannel | undefined;
  let tasks: ReturnType<typeof connectOrderTasks> | undefined;
  return {
    handlers: ({ platform, config, state, metrics, log }) => {
      mail = createMailChannel({ url: config.SMTP_URL, from: config.MAIL_FROM });
      const sms = createSmsChannel({ url: config.SMS_API_URL, token: config.SMS_API_TOKEN });
      const sent = measureSentTasks(metrics, nodeName(`${name}@%h`), platform.tasks, orderTaskNames);
      tasks = connectOrderTasks({
        connection: celeryBroker(config),
        name,
        log,
        onSent: ({ task }) => sent(task),
      });
      const { stores } = state;
      const { notifications } = stores;
      return notificationHandlers({ stores, notifications, channels: [mail, sms], metrics, tasks });
    },
    background: async () => ({
      stop: async () => {
        mail?.close();
        await tasks?.close();
      },
    }),
  };
}

/** Has customers told about their orders. */
export const notificationService = createNotificationService();
