import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Options } from 'amqplib';
import type { Outgoing } from '../../workers/messaging/confirm-sender.ts';
import { BrokerConnection } from '../../workers/messaging/connection.ts';
import { DirectSender } from '../../workers/messaging/direct-sender.ts';
import { MessagingEmitter } from '../../workers/messaging/events.ts';
import { ReliableSender } from '../../workers/messaging/reliable-sender.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';
import { connectRaw, type RawClient } from './raw-client.ts';
import { testPlatform } from './test-platform.ts';
import { MemoryLog } from './test-runtime.ts';

let vhost: TestVhost;
let raw: RawClient;
let connection: BrokerConnection;
let events: MessagingEmitter;
const log = new MemoryLog();
const repair = async () => undefined;
const never = new AbortController().signal;

function toWork(n: number, properties: Options.Publish = {}): Outgoing {
  return {
    exchange: '',
    routingKey: 'work',
    content: Buffer.from(String(n)),
    properties: { messageId: `m-${n}`, persistent: true, mandatory: true, ...properties },
  };
}

/** The broker closes the channel for a time to live that is no number. */
const poison = { expiration: 'nonsense' };

beforeAll(async () => {
  vhost = await freshVhost(testPlatform);
});
beforeEach(async () => {
  raw = await connectRaw(vhost.url);
  events = new MessagingEmitter(log);
  connection = new BrokerConnection({ connection: { url: vhost.url }, name: 'test', log });
  connection.start();
  await connection.ready(AbortSignal.timeout(10_000));
});
afterEach(async () => {
  await connection.close(1_000);
  await raw.channel.purgeQueue('work');
  await raw.close();
});
afterAll(() => vhost.drop());

describe('the sender that keeps what is not confirmed', () => {
  let sender: ReliableSender;

  beforeEach(() => {
    const limits = { messages: 1_000, bytes: 1_000_000, waiters: 10 };
    sender = new ReliableSender({ connection, log, events, repair, limits, confirmTimeoutMs: 30_000 });
    sender.start();
  });
  afterEach(() => sender.close(1_000, 1_000));

  it('finds the message that the broker closes the channel for, and delivers all others in order', async () => {
    const all = Array.from({ length: 30 }, (_, n) =>
      sender.send(toWork(n, n === 11 ? poison : {})).catch((error) => error.code),
    );
    const results = await Promise.all(all);
    expect(results).toEqual(
      Array.from({ length: 30 }, (_, n) => (n === 11 ? 'PUBLISH_REFUSED' : 'confirmed')),
    );
    const arrived: number[] = [];
    // Those before the faulty one may have arrived on the first channel already.
    while ((await raw.count('work')) > 0) arrived.push(Number((await raw.take('work')).content.toString()));
    expect(new Set(arrived).size).toBe(29);
    const lastOccurrences = arrived.filter((n, index) => arrived.lastIndexOf(n) === index);
    expect(lastOccurrences).toEqual([...lastOccurrences].sort((a, b) => a - b));
  });

  it('sends many at once again after the faulty message is gone', async () => {
    await expect(sender.send(toWork(0, poison))).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
    const all = Array.from({ length: 200 }, (_, n) => sender.send(toWork(n)));
    expect(new Set(await Promise.all(all))).toEqual(new Set(['confirmed']));
  });

  it('refuses at once what cannot be encoded, and goes on', async () => {
    const bad = sender.send(toWork(1, { headers: { huge: 'x'.repeat(100_000) } }));
    const good = sender.send(toWork(2));
    await expect(bad).rejects.toMatchObject({
      code: 'PUBLISH_REFUSED',
      message: 'the message cannot be encoded',
    });
    expect(await good).toBe('confirmed');
    expect(sender.load.unconfirmed).toBe(0);
  });

  it('stops waiting when the caller does, and does not keep the place', async () => {
    const controller = new AbortController();
    const all = [1, 2, 3].map((n) => sender.send(toWork(n), controller.signal));
    controller.abort();
    for (const promise of all) await expect(promise).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' });
    await eventually(() => expect(sender.load.unconfirmed).toBe(0));
  });
});

describe('the sender that keeps nothing', () => {
  let sender: DirectSender;

  beforeEach(async () => {
    sender = new DirectSender({ connection, log, repair, confirmTimeoutMs: 30_000 });
    sender.start();
    await eventually(() => sender.send(toWork(0), never));
  });
  afterEach(() => sender.stop());

  it('tells a confirmed message from a returned and a refused one', async () => {
    await sender.send(toWork(1), never);
    await expect(sender.send({ ...toWork(2), routingKey: 'nowhere' }, never)).rejects.toMatchObject({
      code: 'PUBLISH_UNROUTABLE',
    });
    const fill = async () => {
      for (let n = 0; n < 50; n += 1) await sender.send({ ...toWork(n), routingKey: 'narrow' }, never);
    };
    await expect(fill()).rejects.toMatchObject({ code: 'PUBLISH_REFUSED' });
  });

  it('fails what is under way when the channel ends, and works again by itself', async () => {
    const results = await Promise.allSettled([
      sender.send(toWork(1, poison), never),
      sender.send(toWork(2), never),
    ]);
    expect(results).toMatchObject([
      { status: 'rejected', reason: { code: 'BROKER_UNAVAILABLE' } },
      { status: 'rejected', reason: { code: 'BROKER_UNAVAILABLE' } },
    ]);
    await eventually(() => sender.send(toWork(3), never));
    const arrived: number[] = [];
    while ((await raw.count('work')) > 0) arrived.push(Number((await raw.take('work')).content.toString()));
    expect(arrived).toEqual([0, 3]);
  });

  it('waits while there is no channel, until the signal ends that', async () => {
    await connection.close(1_000);
    await eventually(async () => {
      const controller = new AbortController();
      const sent = sender.send(toWork(1), controller.signal);
      controller.abort();
      await expect(sent).rejects.toMatchObject({ code: 'BROKER_UNAVAILABLE' });
    });
  });
});
