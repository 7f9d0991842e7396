import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Outgoing } from '../../workers/messaging/confirm-sender.ts';
import { type SendOnceOptions, sendOnce } from '../../workers/messaging/send-once.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { startTcpProxy } from '../harness/tcp-proxy.ts';
import { testPlatform } from './test-platform.ts';
import { MemoryLog } from './test-runtime.ts';

let vhost: TestVhost;
let log: MemoryLog;
beforeEach(async () => {
  vhost = await freshVhost(testPlatform);
  log = new MemoryLog();
});
afterEach(() => vhost.drop());

function messageTo(queue: string): Outgoing {
  const properties = { persistent: true, mandatory: true, contentType: 'application/json' };
  return { exchange: '', routingKey: queue, content: Buffer.from('{}'), properties };
}

function send(queue: string, options: Partial<SendOnceOptions> = {}): Promise<void> {
  return sendOnce({
    connection: { url: vhost.url },
    topology: topologyOf(testPlatform),
    message: messageTo(queue),
    name: 'send-once-test',
    log,
    patienceMs: 30_000,
    ...options,
  });
}

async function depth(queue: string): Promise<number> {
  const body = { count: 100, ackmode: 'ack_requeue_true', encoding: 'auto' };
  const path = `queues/${vhost.vhost}/${queue}/get`;
  return (await vhost.json<unknown[]>(path, { method: 'POST', body })).length;
}

describe('a message that is sent once', () => {
  it('is in its queue when the call returns', async () => {
    await send('work');
    expect(await depth('work')).toBe(1);
  });

  it('waits for a broker that comes later', async () => {
    const port = Number(new URL(vhost.url).port);
    const proxy = await startTcpProxy(port);
    try {
      proxy.swallow();
      const url = vhost.url.replace(`:${port}/`, `:${proxy.port}/`);
      const sent = send('work', { connection: { url, connectTimeoutMs: 300 } });
      await eventually(() => expect(proxy.accepted).toBeGreaterThan(1));
      proxy.restore();
      await sent;
      expect(await depth('work')).toBe(1);
    } finally {
      await proxy.close();
    }
  });

  it('finds its queue declared, where it was missing', async () => {
    await vhost.api(`queues/${vhost.vhost}/work`, { method: 'DELETE' });
    await send('work');
    expect(await depth('work')).toBe(1);
  });

  it('is sent again until its queue is there, where the topology does not have it', async () => {
    const sent = send('late');
    await eventually(() =>
      expect(log.lines).toContainEqual(
        expect.objectContaining({ fields: { code: 'PUBLISH_UNROUTABLE', queue: 'late' } }),
      ),
    );
    await vhost.api(`queues/${vhost.vhost}/late`, { method: 'PUT', body: { durable: true } });
    await sent;
    expect(await depth('late')).toBe(1);
  });

  it('is sent again until a full queue has room', async () => {
    const policy = {
      pattern: '^work$',
      definition: { 'max-length': 1, overflow: 'reject-publish' },
      priority: 99,
    };
    await vhost.api(`policies/${vhost.vhost}/full`, { method: 'PUT', body: policy });
    let refused = false;
    const refusal = new Promise<void>((resolve) => {
      log.warn = (fields) => {
        refused ||= 'code' in fields && fields.code === 'PUBLISH_REFUSED';
        if (refused) resolve();
      };
    });
    let sent = 0;
    let last = Promise.resolve();
    // A quorum queue takes a few messages more than its limit before it refuses.
    for (; !refused; sent += 1) {
      last = send('work');
      await Promise.race([last, refusal]);
    }
    await vhost.api(`policies/${vhost.vhost}/full`, { method: 'DELETE' });
    await last;
    expect(await depth('work')).toBe(sent);
  });
});

describe('patience ends', () => {
  it('with a queue that nobody declared', async () => {
    await expect(send('nowhere', { patienceMs: 4_000 })).rejects.toMatchObject({
      code: 'PUBLISH_UNROUTABLE',
      message: 'RabbitMQ did not confirm the message within 4 s',
    });
  });

  it('with a broker that is silent in the middle', async () => {
    const port = Number(new URL(vhost.url).port);
    const proxy = await startTcpProxy(port);
    try {
      const url = vhost.url.replace(`:${port}/`, `:${proxy.port}/`);
      proxy.swallow();
      await expect(send('work', { connection: { url }, patienceMs: 500 })).rejects.toMatchObject({
        code: 'BROKER_UNAVAILABLE',
      });
    } finally {
      await proxy.close();
    }
  });

  it('at once for an address that cannot be read', async () => {
    await expect(send('work', { connection: { url: 'amqp://' } })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
    });
  });
});
