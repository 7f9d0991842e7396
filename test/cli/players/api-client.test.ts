import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ApiClient } from '../../../cli/players/api-client.ts';

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

describe('a player calling the API', () => {
  let server: Server;
  const requests: { readonly method: string; readonly authorization: string | undefined }[] = [];
  afterEach(() => {
    requests.length = 0;
    server.closeAllConnections();
    server.close();
  });

  /** A server that answers with each reply in turn, and with the last one from then on. */
  async function serve(...replies: readonly Reply[]): Promise<string> {
    server = createServer((request, response) => {
      const {
        status,
        body,
        headers = {},
      } = replies[Math.min(requests.length, replies.length - 1)] ?? { status: 500, body: {} };
      requests.push({ method: request.method ?? '', authorization: request.headers.authorization });
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const answer = z.object({ ok: z.boolean() });
  const busy: Reply = { status: 503, body: { error: { code: 'SERVICE_UNAVAILABLE', message: 'later' } } };

  it('sends a request again until it is answered for good, and counts the repetitions', async () => {
    let repeated = 0;
    const onRepeat = () => {
      repeated += 1;
    };
    const url = await serve(busy, busy, { status: 200, body: { ok: true } });
    const api = new ApiClient(url, { signal: AbortSignal.timeout(10_000), onRepeat });
    await expect(api.call('/x', { answer })).resolves.toEqual({ ok: true });
    expect(requests).toHaveLength(3);
    expect(repeated).toBe(2);
  });

  it('does not repeat what the API refuses for good, and tells its code', async () => {
    const url = await serve({
      status: 409,
      body: { error: { code: 'ORDER_STATUS_CONFLICT', message: 'too late' } },
    });
    const api = new ApiClient(url, { signal: AbortSignal.timeout(10_000) });
    await expect(api.call('/x', { answer })).rejects.toMatchObject({
      code: 'REQUEST_REFUSED',
      message: '/x: 409 ORDER_STATUS_CONFLICT: too late',
    });
    expect(requests).toHaveLength(1);
  });

  it('says who asks once it has a token', async () => {
    const url = await serve({ status: 200, body: { ok: true } });
    const api = new ApiClient(url, { signal: AbortSignal.timeout(10_000) });
    await api.call('/x', { answer });
    await api.as('secret').call('/x', { method: 'POST', body: {}, answer });
    expect(requests).toEqual([
      { method: 'GET', authorization: undefined },
      { method: 'POST', authorization: 'Bearer secret' },
    ]);
  });

  it('stops when it is told to, also while it waits', async () => {
    const stop = new AbortController();
    const url = await serve({ ...busy, headers: { 'retry-after': '60' } });
    const call = new ApiClient(url, { signal: stop.signal, onRepeat: () => stop.abort() }).call('/x', {
      answer,
    });
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});
