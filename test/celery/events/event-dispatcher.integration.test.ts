import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChannelModel, connect } from 'amqplib';
import { EventDispatcher } from '../../../workers/celery/events/event-dispatcher.ts';
import { LamportClock } from '../../../workers/celery/events/lamport-clock.ts';
import { BrokerConnection } from '../../../workers/messaging/connection.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { startTcpProxy, type TcpProxy } from '../../harness/tcp-proxy.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

/** A message of events as it is at the broker. */
interface Seen {
  readonly routingKey: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly body: unknown;
}

describe('events on their way to the broker', () => {
  const log = new MemoryLog();
  const seen: Seen[] = [];
  let vhost: TestVhost;
  let proxy: TcpProxy;
  let listener: ChannelModel;
  let connection: BrokerConnection;
  let events: EventDispatcher;

  beforeAll(async () => {
    vhost = await freshVhost(smartEats);
    listener = await connect(vhost.url);
    const channel = await listener.createChannel();
    await channel.assertExchange('celeryev', 'topic', { durable: true });
    const { queue } = await channel.assertQueue('', {
      exclusive: true,
      durable: false,
      arguments: { 'x-queue-type': 'classic' },
    });
    await channel.bindQueue(queue, 'celeryev', '#');
    await channel.consume(
      queue,
      (message) => {
        if (message === null) return;
        const { fields, properties, content } = message;
        seen.push({
          routingKey: fields.routingKey,
          properties: { ...properties },
          body: JSON.parse(content.toString()),
        });
      },
      { noAck: true },
    );
    const target = new URL(vhost.url);
    proxy = await startTcpProxy(Number(target.port));
    target.port = String(proxy.port);
    const broker = { url: target.href, heartbeatSeconds: 1 };
    connection = new BrokerConnection({ connection: broker, name: 'tests', log });
    connection.start();
    await connection.ready(AbortSignal.timeout(30_000));
    events = new EventDispatcher({
      nodeName: 'a@b',
      connection,
      clock: new LamportClock(),
      log,
      taskEvents: true,
      figures: () => ({ active: 1, processed: 2 }),
    });
    events.start();
    await eventually(() => expect(keys()).toContain('worker.online'));
  });
  afterAll(async () => {
    await events?.stop(2_000);
    await connection?.close(2_000);
    await listener?.close();
    await proxy?.close();
    await vhost?.drop();
  });

  const keys = () => seen.map(({ routingKey }) => routingKey);
  const batches = () =>
    seen.flatMap(({ routingKey, body }) =>
      routingKey === 'task.multi' && Array.isArray(body) ? [body] : [],
    );
  const uuids = () => batches().flatMap((batch) => batch.map(({ uuid }) => uuid));

  it('are transient JSON that names its node', () => {
    expect(seen[0]).toMatchObject({
      properties: {
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        deliveryMode: 1,
        headers: { hostname: 'a@b' },
      },
      body: { type: 'worker-online', hostname: 'a@b', active: 1, processed: 2, freq: 2 },
    });
  });

  it('go together where many come at once, at most 24 in one message, and in their order', async () => {
    const sent = Array.from({ length: 50 }, (_, number) => `together-${number}`);
    for (const uuid of sent) events.task('task-started', { uuid });
    await eventually(() => expect(uuids()).toEqual(sent));
    expect(batches().map(({ length }) => length)).toEqual([24, 24, 2]);
  });

  it('are not told where they are switched off, except those of the worker', async () => {
    events.taskEvents = false;
    events.task('task-started', { uuid: 'off' });
    events.taskEvents = true;
    events.task('task-started', { uuid: 'on' });
    events.heartbeat();
    await eventually(() => expect(uuids()).toContain('on'));
    expect(uuids()).not.toContain('off');
    await eventually(() => expect(keys()).toContain('worker.heartbeat'));
  });

  it('wait while the broker is away, the newest of them, and the log says how many were lost', async () => {
    const online = keys().filter((key) => key === 'worker.online').length;
    proxy.swallow();
    await eventually(() => expect(connection.connected).toBe(false));
    const began = performance.now();
    for (let number = 1; number <= 5_100; number += 1)
      events.task('task-started', { uuid: `away-${number}` });
    expect(performance.now() - began).toBeLessThan(5_000);
    proxy.restore();
    await eventually(() => expect(uuids()).toContain('away-5100'), 60_000);
    expect(keys().filter((key) => key === 'worker.online')).toHaveLength(online + 1);
    const away = uuids().filter((uuid) => String(uuid).startsWith('away-'));
    expect(away).toHaveLength(5_000);
    expect(away[0]).toBe('away-101');
    await eventually(() =>
      expect(log.lines).toContainEqual({
        level: 'warn',
        fields: { dropped: 100 },
        message: 'events about tasks were lost while the broker took none',
      }),
    );
  });

  it('end with the one that the worker is gone, after all others', async () => {
    events.task('task-succeeded', { uuid: 'last' });
    await events.stop(2_000);
    await eventually(() => expect(keys()).toContain('worker.offline'));
    expect(uuids()).toContain('last');
    expect(seen.at(-1)).toMatchObject({ routingKey: 'worker.offline' });
  });
});
