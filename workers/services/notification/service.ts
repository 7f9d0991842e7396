import { createMailChannel, type MailChannel } from '../../notifications/mail-channel.ts';
import { createSmsChannel } from '../../notifications/sms-channel.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { celeryBroker } from '../host/connections.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { notificationHandlers } from './notification-handlers.ts';
import { connectOrderTasks } from './order-tasks.ts';

/** A notification service; what it sends through is closed when its consumers have stopped. */
export function createNotificationService(): ServiceModule<SmartEats, 'notification-service'> {
  let mail: MailChannel | undefined;
  let tasks: ReturnType<typeof connectOrderTasks> | undefined;
  return {
    handlers: ({ config, state, metrics, log }) => {
      mail = createMailChannel({ url: config.SMTP_URL, from: config.MAIL_FROM });
      const sms = createSmsChannel({ url: config.SMS_API_URL, token: config.SMS_API_TOKEN });
      tasks = connectOrderTasks({ connection: celeryBroker(config), name: 'notification-service', log });
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
