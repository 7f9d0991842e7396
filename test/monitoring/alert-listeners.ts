import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startTestMailServer } from '../notifications/mail-servers.ts';

/** A mail server and a webhook that hear of alerts. */
export interface AlertListeners {
  readonly smarthost: string;
  readonly slackUrl: string;
  /** Mails about an alert that holds, as they came over the wire. */
  mailsAbout(alert: string): readonly string[];
  /** What was posted for Slack about an alert that holds. */
  postsAbout(alert: string): readonly string[];
  stop(): Promise<void>;
}

/** Starts both on free ports of the loopback interface. */
export async function listenForAlerts(): Promise<AlertListeners> {
  const mail = await startTestMailServer();
  const posts: string[] = [];
  const webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posts.push(Buffer.concat(chunks).toString());
      response.end('ok');
    });
  });
  webhook.listen(0, '127.0.0.1');
  await once(webhook, 'listening');
  const { port } = webhook.address() as AddressInfo; // It listens on TCP.
  const about = (alert: string) => (text: string) => text.includes('FIRING') && text.includes(alert);
  return {
    smarthost: `127.0.0.1:${mail.port}`,
    slackUrl: `http://127.0.0.1:${port}/hook`,
    mailsAbout: (alert) => mail.mails.filter(about(alert)),
    postsAbout: (alert) => posts.filter(about(alert)),
    stop: async () => {
      webhook.closeAllConnections();
      webhook.close();
      await mail.stop();
    },
  };
}
