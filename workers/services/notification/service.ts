import { createMailChannel, type MailChannel } from '../../notifications/mail-channel.ts';
import { createSmsChannel } from '../../notifications/sms-channel.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { notificationHandlers } from './notification-handlers.ts';

/** A notification service; its SMTP connections are closed when its consumers have stopped. */
export function createNotificationService(): ServiceModule<SmartEats, 'notification-service'> {
  let mail: MailChannel | undefined;
  return {
    handlers: ({ config, state, metrics }) => {
      mail = createMailChannel({ url: config.SMTP_URL, from: config.MAIL_FROM });
      const sms = createSmsChannel({ url: config.SMS_API_URL, token: config.SMS_API_TOKEN });
      const { stores } = state;
      const { notifications } = stores;
      return notificationHandlers({ stores, notifications, channels: [mail, sms], metrics });
    },
    background: async () => ({ stop: async () => mail?.close() }),
  };
}

/** Sends e-mail and SMS to customers. */
export const notificationService = createNotificationService();
