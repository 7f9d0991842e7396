import { createTransport, type NodemailerError } from 'nodemailer';
import { PlatformError } from '../platform/errors.ts';
import type { NotificationChannel } from './channel.ts';

export interface MailChannelOptions {
  /** smtp:// or smtps:// with credentials where the server wants them. */
  readonly url: string;
  /** Sender, e.g. `SmartEats <orders@smarteats.example>`. */
  readonly from: string;
}

/** Mail over a pool of SMTP connections. `close` ends them once their mails are sent. */
export interface MailChannel extends NotificationChannel {
  readonly name: 'mail';
  close(): void;
}

/** Sends mails; the Message-ID follows from the notification, so that a repeated mail is recognisable. */
export function createMailChannel({ url, from }: MailChannelOptions): MailChannel {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 5,
    maxMessages: 500,
    // The queue repeats what fails; the pool itself only gets over a connection that went stale.
    maxRequeues: 1,
    dnsTimeout: 5_000,
    connectionTimeout: 5_000,
    greetingTimeout: 5_000,
    socketTimeout: 10_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = /@([A-Za-z0-9.-]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    name: 'mail',
    addressOf: ({ email }) => email,
    async send(to, { notificationId, text, unsubscribeUrl }, signal) {
      try {
        await transport.sendMail({
          from,
          to: { name: '', address: to },
          subject: text.subject,
          text: text.text,
          html: text.html.text,
          messageId: `<${notificationId.replaceAll(':', '.')}@${domain}>`,
          // Keeps holiday responders quiet (RFC 3834, section 5).
          headers: {
            'Auto-Submitted': 'auto-generated',
            // Mail programs offer a button for these two (RFC 8058).
            ...(unsubscribeUrl !== undefined && {
              'List-Unsubscribe': `<${unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }),
          },
          signal,
        });
        return { kind: 'sent' };
      } catch (error) {
        return mailFailure(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Decides what a failed mail means. Only an answer about this recipient or this message is a refusal; trouble
 * with the login, the sender or the connection concerns every mail and is worth another attempt.
 */
function mailFailure(thrown: unknown): { readonly kind: 'refused'; readonly reason: string } {
  // Everything the library rejects with has the fields of this type, all optional.
  const error = thrown as NodemailerError;
  const isAboutThisMail = error.command === 'RCPT TO' || error.command === 'DATA';
  if (isAboutThisMail && error.permanent === true) {
    return { kind: 'refused', reason: `mail: ${error.response ?? error.message}` };
  }
  if (error.code === 'EENVELOPE' && error.command === 'API') {
    return { kind: 'refused', reason: `mail: ${error.message}` };
  }
  throw new PlatformError('NOTIFICATION_PROVIDER_FAILED', `The mail server failed: ${error.message}`, {
    details: { channel: 'mail', code: error.code ?? null, status: error.responseCode ?? null },
    cause: thrown,
  });
}
