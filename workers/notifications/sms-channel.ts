import { PlatformError } from '../platform/errors.ts';
import type { NotificationChannel, SendResult } from './channel.ts';

export interface SmsChannelOptions {
  /** Where SMS are posted as JSON `{to, body}`. */
  readonly url: string;
  readonly token?: string | undefined;
}

const timeoutMs = 10_000;

/** Answers of the 4xx class that speak about us or the moment rather than about this SMS. */
const notAboutThisSms: ReadonlySet<number> = new Set([401, 403, 404, 405, 407, 408, 409, 425, 429]);

/** Sends SMS over HTTP; the Idempotency-Key is the notification, so that the provider can tell a repetition. */
export function createSmsChannel({ url, token }: SmsChannelOptions): NotificationChannel {
  return {
    name: 'sms',
    addressOf: ({ phone }) => phone,
    async send(to, { notificationId, text }, signal) {
      let answer: Response;
      try {
        answer = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'idempotency-key': notificationId,
            ...(token !== undefined && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify({ to, body: text.short }),
          redirect: 'manual',
          signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
        });
        await answer.body?.cancel();
      } catch (cause) {
        throw failed('The SMS provider did not answer.', null, cause);
      }
      return resultOf(answer.status);
    },
  };
}

function resultOf(status: number): SendResult {
  if (status >= 200 && status < 300) return { kind: 'sent' };
  if (status >= 400 && status < 500 && !notAboutThisSms.has(status)) {
    return { kind: 'refused', reason: `sms: the provider answered ${status}` };
  }
  throw failed(`The SMS provider answered ${status}.`, status);
}

function failed(message: string, status: number | null, cause?: unknown): PlatformError {
  return new PlatformError('NOTIFICATION_PROVIDER_FAILED', message, {
    details: { channel: 'sms', status },
    cause,
  });
}
