import { z } from 'zod';
import { pageHeaders } from '../../html/page.ts';
import { Contact } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { services } from '../../platform/services.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { CaughtMessages } from './caught-messages.ts';
import { startMailServer } from './mail-server.ts';
import { messagesPage } from './messages-page.ts';
import { SlackMessage, slackText } from './slack-message.ts';

const Sms = z.strictObject({ to: Contact.shape.phone.unwrap(), body: z.string().min(1).max(1_600) });

const Filter = z.strictObject({
  to: z.string().optional().describe('An address, exactly'),
  channel: z.enum(['mail', 'sms', 'chat']).optional(),
  about: z.string().optional().describe('An order id'),
});

/**
 * Receives mail over SMTP, SMS over HTTP and messages for Slack's incoming webhooks instead of the world, and shows them: `/` for people,
 * `/messages` and `/summary` for programs. The newest 2,000 are held in memory.
 */
export function createMessageCatcher(): ServiceModule<SmartEats, 'message-catcher'> {
  const caught = new CaughtMessages();
  return {
    routes(app) {
      app.get('/', async (_request, reply) => reply.headers(pageHeaders).send(messagesPage(caught)));
      app.get('/messages', { schema: { querystring: Filter } }, async ({ query }) => ({
        messages: caught.list(query),
      }));
      app.get('/summary', async () => caught.summary);
      app.post('/sms', { schema: { body: Sms } }, async ({ body, headers }, reply) => {
        const key = headers['idempotency-key'];
        caught.add({
          channel: 'sms',
          to: [body.to],
          text: body.body,
          key: typeof key === 'string' ? key : null,
          receivedAt: new Date().toISOString(),
        });
        return reply.code(202).send({ status: 'caught' });
      });
      app.post('/slack', { schema: { body: SlackMessage } }, async ({ body }) => {
        const receivedAt = new Date().toISOString();
        caught.add({
          channel: 'chat',
          to: [body.channel ?? 'slack'],
          text: slackText(body),
          key: null,
          receivedAt,
        });
        return 'ok';
      });
    },
    background: ({ config, log }) =>
      startMailServer({
        host: config.HOST,
        port: config.SMTP_PORT ?? services['message-catcher'].extraPorts.smtp,
        log,
        onMail: (mail) => caught.add(mail),
      }),
  };
}

/** Receives the mail and SMS of the platform and shows them. */
export const messageCatcher = createMessageCatcher();
