import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { orderMessage } from '../../workers/notifications/order-message.ts';
import { createSmsChannel } from '../../workers/notifications/sms-channel.ts';

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
}

let close: (() => void) | undefined;
afterEach(() => close?.());

/** An SMS provider that gives one answer to everything; 0 means it never answers. */
async function provider(status: number, headers = {}): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += chunk;
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body: JSON.parse(text) });
      if (status > 0) response.writeHead(status, headers).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/sms`, received };
}

const text = orderMessage('order_delivered', {
  timeZone: 'Europe/Berlin',
  locale: 'en',
  restaurantName: 'Trattoria Roma',
  order: {
    orderId: 'order-1',
    items: [],
    total: { amountMinor: 1_800, currency: 'EUR' },
    placedAt: '2026-11-23T12:00:00.000Z',
  },
});

const send = (url: string, options: { token?: string; signal?: AbortSignal } = {}) =>
  createSmsChannel({ url, token: options.token }).send(
    '+4915112345678',
    { notificationId: 'order-1:order_delivered:sms', text },
    options.signal ?? new AbortController().signal,
  );

describe('an SMS', () => {
  it('is posted as JSON with the notification as Idempotency-Key', async () => {
    const { url, received } = await provider(202);
    expect(await send(url)).toEqual({ kind: 'sent' });
    expect(received).toMatchObject([
      {
        headers: { 'content-type': 'application/json', 'idempotency-key': 'order-1:order_delivered:sms' },
        body: { to: '+4915112345678', body: text.short },
      },
    ]);
    expect(received[0]?.headers.authorization).toBeUndefined();
  });

  it('carries the token where there is one', async () => {
    const { url, received } = await provider(200);
    await send(url, { token: 'abc' });
    expect(received[0]?.headers.authorization).toBe('Bearer abc');
  });
});

describe('an SMS provider', () => {
  it.each([400, 410, 422])('that answers %i refuses for good', async (status) => {
    const { url } = await provider(status);
    expect(await send(url)).toEqual({ kind: 'refused', reason: expect.stringContaining(String(status)) });
  });

  it.each([401, 403, 404, 408, 409, 429, 500, 503])(
    'that answers %i is worth another attempt',
    async (status) => {
      const { url } = await provider(status);
      await expect(send(url)).rejects.toMatchObject({
        code: 'NOTIFICATION_PROVIDER_FAILED',
        details: { status },
      });
    },
  );

  it('that redirects is not followed: the text and the token are for one address only', async () => {
    const elsewhere = { location: 'http://127.0.0.1:9/sms' };
    const { url } = await provider(307, elsewhere);
    await expect(send(url)).rejects.toMatchObject({
      code: 'NOTIFICATION_PROVIDER_FAILED',
      details: { status: 307 },
    });
  });

  it('that is away is worth another attempt', async () => {
    const { url } = await provider(200);
    close?.();
    await expect(send(url)).rejects.toMatchObject({ code: 'NOTIFICATION_PROVIDER_FAILED' });
  });

  it('that never answers does not hold a handler longer than its time limit', async () => {
    const { url } = await provider(0);
    await expect(send(url, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({
      code: 'NOTIFICATION_PROVIDER_FAILED',
    });
  });
});
