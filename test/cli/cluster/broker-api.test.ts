import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { BrokerApi } from '../../../cli/cluster/broker-api.ts';

describe("RabbitMQ's management API", () => {
  let server: Server | undefined;
  const requests: string[] = [];
  afterEach(() => {
    requests.length = 0;
    server?.closeAllConnections();
    server?.close();
  });

  /** A broker that answers every request whose path begins like this, and any other with 500. */
  async function serve(
    answers: Readonly<Record<string, { readonly status?: number; readonly body?: unknown }>>,
    vhost?: string,
  ): Promise<BrokerApi> {
    const started = createServer(({ method, url = '', headers }, response) => {
      requests.push(`${method} ${url} ${headers.authorization}`);
      const found = Object.entries(answers).find(([path]) => url.startsWith(path))?.[1];
      response.statusCode = found === undefined ? 500 : (found.status ?? 200);
      response.end(JSON.stringify(found?.body ?? {}));
    });
    server = started;
    await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
    return new BrokerApi({ url, user: 'me', password: 'pw', ...(vhost !== undefined && { vhost }) });
  }

  it('counts messages and consumers of each queue', async () => {
    const broker = await serve({
      '/api/queues/%2F?': {
        body: [{ name: 'a', messages: 5, messages_ready: 3, messages_unacknowledged: 2 }, { name: 'b' }],
      },
      '/api/consumers/%2F': { body: [{ queue: { name: 'a' } }, { queue: { name: 'a' } }] },
    });
    expect(await broker.queues()).toEqual([
      { name: 'a', ready: 3, unacked: 2, messages: 5, consumers: 2 },
      { name: 'b', ready: 0, unacked: 0, messages: 0, consumers: 0 },
    ]);
  });

  it('is told who asks, and names are escaped', async () => {
    const broker = await serve({ '/api/queues': { status: 204 } }, 'a/b');
    await broker.removeQueue('x y');
    const credentials = Buffer.from('me:pw').toString('base64');
    expect(requests).toEqual([`DELETE /api/queues/a%2Fb/x%20y Basic ${credentials}`]);
  });

  it('takes what is gone already for removed', async () => {
    const broker = await serve({ '/api/': { status: 404 } });
    await expect(broker.removeQueue('a')).resolves.toBeUndefined();
    await expect(broker.removePolicy('a')).resolves.toBeUndefined();
    expect(await broker.removeExchange('a')).toBe(true);
  });

  it('leaves an exchange that something is bound to', async () => {
    const broker = await serve({ '/api/exchanges/%2F/a?if-unused=true': { status: 400 } });
    expect(await broker.removeExchange('a')).toBe(false);
  });

  it.each([401, 403])('needs a user with a tag when it answers %i', async (status) => {
    const broker = await serve({ '/api/': { status } });
    await expect(broker.queues()).rejects.toMatchObject({
      code: 'CLUSTER_ACCESS_DENIED',
      message: expect.stringContaining('user me'),
    });
  });

  it('names the request that it did not answer as expected', async () => {
    const broker = await serve({});
    await expect(broker.removePolicy('p')).rejects.toMatchObject({
      code: 'CLUSTER_SERVICE_UNAVAILABLE',
      message: expect.stringContaining('DELETE policies/%2F/p with 500'),
    });
  });
});
