import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Channel, connect } from 'amqplib';
import { Deliveries, type TaskDelivery } from '../../../workers/celery/worker/deliveries.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';

describe('the deliveries of a channel', () => {
  let vhost: TestVhost;
  let broker: Awaited<ReturnType<typeof connect>>;
  let sender: Channel;

  beforeAll(async () => {
    vhost = await freshVhost(smartEats);
    broker = await connect(vhost.url);
    sender = await broker.createChannel();
  });
  afterAll(async () => {
    await broker.close();
    await vhost.drop();
  });

  /** Some messages in a queue of their own, delivered. */
  async function deliver(queue: string, count: number) {
    await sender.assertQueue(queue, { durable: true });
    for (let index = 0; index < count; index += 1) sender.sendToQueue(queue, Buffer.from(String(index)));
    const channel = await broker.createChannel();
    const deliveries = new Deliveries(channel, queue);
    const all: TaskDelivery[] = [];
    await channel.consume(queue, (message) => {
      if (message !== null) all.push(deliveries.hold(message));
    });
    await eventually(() => expect(all).toHaveLength(count));
    return { channel, deliveries, all };
  }
  const waiting = async (queue: string) => (await sender.checkQueue(queue)).messageCount;

  it('are settled once each, in any order', async () => {
    const { channel, deliveries, all } = await deliver('settled', 6);
    const [first, second, third, ...rest] = all;
    expect([third?.ack(), first?.ack(), first?.ack(), first?.reject(true)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(first?.open).toBe(false);
    expect(second?.reject(false)).toBe(true);
    expect(second?.ack()).toBe(false);
    for (const each of rest) each.ack();
    deliveries.flush();
    await channel.close();
    expect(await waiting('settled')).toBe(0);
  });

  it('go back to the queue with the channel where they are not settled, and can no longer be', async () => {
    const { channel, deliveries, all } = await deliver('lost', 3);
    all[0]?.ack();
    deliveries.flush();
    expect(deliveries.lose(new Error('gone'))).toBe(2);
    await channel.close();
    expect(all.map(({ lost }) => lost.aborted)).toEqual([false, true, true]);
    expect([all[1]?.ack(), all[2]?.reject(true)]).toEqual([false, false]);
    await eventually(async () => expect(await waiting('lost')).toBe(2));
  });

  it('cannot be settled on a channel that was closed meanwhile, which harms nobody', async () => {
    const { channel, all } = await deliver('closed', 2);
    await channel.close();
    expect(() => {
      all[0]?.reject(true);
      all[1]?.ack();
    }).not.toThrow();
    await eventually(async () => expect(await waiting('closed')).toBe(2));
  });

  it('come to an end when they are given back as failed again and again', async () => {
    const args = { 'x-queue-type': 'quorum', 'x-delivery-limit': 2 };
    await sender.assertQueue('failing', { durable: true, arguments: args });
    const channel = await broker.createChannel();
    const deliveries = new Deliveries(channel, 'failing');
    let count = 0;
    await channel.consume('failing', (message) => {
      if (message === null) return;
      count += 1;
      deliveries.hold(message).reject(true);
    });
    sender.sendToQueue('failing', Buffer.from('x'));
    await eventually(() => expect(count).toBe(3));
    sender.sendToQueue('failing', Buffer.from('y'));
    await eventually(() => expect(count).toBe(6));
    await channel.close();
    expect(await waiting('failing')).toBe(0);
  });

  it('come again when they are given back untried', async () => {
    const { channel, all } = await deliver('untried', 1);
    expect(all[0]?.giveBack()).toBe(true);
    expect(all[0]?.ack()).toBe(false);
    await eventually(() => expect(all).toHaveLength(2));
    expect(all[1]?.message.fields.redelivered).toBe(true);
    all[1]?.ack();
    await channel.close();
  });

  it('tell when none is left', async () => {
    const { channel, deliveries, all } = await deliver('told', 2);
    let told = 0;
    deliveries.whenSettled(() => {
      told += 1;
    });
    all[0]?.ack();
    expect(told).toBe(0);
    all[1]?.reject(true);
    expect(told).toBe(1);
    await channel.close();
  });
});
