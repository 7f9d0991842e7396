import { once } from 'node:events';
import { type AddressObject, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import type { Logger } from '../../telemetry/log.ts';
import type { CaughtMessage } from './caught-messages.ts';

const largestMailBytes = 256 * 1024;

export interface MailServerOptions {
  readonly host: string;
  readonly port: number;
  readonly log: Logger;
  readonly onMail: (mail: CaughtMessage) => void;
}

/** Starts a mail server that takes every mail and delivers none. */
export async function startMailServer(options: MailServerOptions): Promise<{ stop(): Promise<void> }> {
  const server = new SMTPServer({
    name: 'message-catcher',
    // Any login is as good as none.
    authOptional: true,
    allowInsecureAuth: true,
    onAuth: ({ username }, _session, done) => done(null, { user: username ?? 'anybody' }),
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    size: largestMailBytes,
    maxClients: 200,
    closeTimeout: 1_000,
    onData: (stream, { envelope }, done) => {
      const recipients = envelope.rcptTo.map(({ address }) => address);
      readMail(stream, recipients)
        .then((mail) => {
          options.onMail(mail);
          done(null, 'caught');
        })
        .catch((error: unknown) => {
          options.log.warn({ err: error }, 'a mail could not be read');
          done(Object.assign(new Error('The mail cannot be read.'), { responseCode: 554 }));
        });
    },
  });
  server.on('error', (error) => options.log.warn({ err: error }, 'trouble with a mail connection'));
  const listening = server.listen(options.port, options.host);
  await once(listening, 'listening');
  return { stop: () => new Promise((resolve) => server.close(() => resolve())) };
}

async function readMail(stream: SMTPServerDataStream, recipients: readonly string[]): Promise<CaughtMessage> {
  const { from, subject, text, messageId } = await simpleParser(stream, {
    skipImageLinks: true,
    skipTextToHtml: true,
    maxHtmlLengthToParse: largestMailBytes,
  });
  if (stream.sizeExceeded) throw new Error(`larger than ${largestMailBytes} bytes`);
  return {
    channel: 'mail',
    to: recipients,
    from: textOf(from),
    subject: subject ?? '',
    text: text ?? '',
    key: messageId?.replace(/^<|>$/g, '') ?? null,
    receivedAt: new Date().toISOString(),
  };
}

function textOf(addresses: AddressObject | undefined): string {
  return addresses?.text ?? '';
}
