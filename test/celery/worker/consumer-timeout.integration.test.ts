import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../../workers/platform/platform.ts';
import { type OwnBroker, ownVhost, startOwnBroker } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { Bench } from './test-worker.ts';

describe('a worker that keeps a message longer than the broker allows', () => {
  let broker: OwnBroker;
  let bench: Bench;

  beforeAll(async () => {
    broker = await startOwnBroker(smartEats);
    // Channels and queues of later are looked at every 200 ms, and may keep a delivery for one second.
    const settings = { consumer_timeout: 1000, channel_tick_interval: 200, quorum_tick_interval: 200 };
    const each = Object.entries(settings).map(
      ([name, value]) => `application:set_env(rabbit, ${name}, ${value})`,
    );
    await broker.server.ctl('eval', `${each.join(', ')}.`);
    bench = await Bench.set(async () => ownVhost(broker));
  }, 120_000);
  afterAll(async () => {
    await bench?.clear();
    await broker?.remove();
  });

  it('subscribes again, and its task runs once', async () => {
    const worker = await bench.worker({ queues: [{ name: 'kept' }], concurrency: 1 });
    const id = await bench.send({ task: 'tests.sleep', args: [4_000], queue: 'kept' });
    await eventually(() => expect(worker.told('unsubscribed').length).toBeGreaterThanOrEqual(1));
    // RabbitMQ before 4.3 closes the channel, later ones end the subscription without a word.
    expect(worker.told('unsubscribed')[0]?.reason).toMatch(
      /acknowledgement.* timed out|kept for [1-9].*consumer_timeout/,
    );
    await eventually(() => expect(worker.told('subscribed').length).toBeGreaterThanOrEqual(2));
    expect(await bench.result(id)).toMatchObject({ status: 'SUCCESS', result: 'rested' });
    await eventually(() => expect(worker.told('duplicate').map((event) => event.id)).toEqual([id]));
    expect(worker.told('started')).toHaveLength(1);
    await eventually(async () => {
      const { messageCount, consumerCount } = await bench.channel.checkQueue('kept');
      expect({ messageCount, consumerCount }).toEqual({ messageCount: 0, consumerCount: 1 });
    });
    expect(worker.told('lost')).toEqual([]);
    const { result } = await bench.result(await bench.send({ args: [1, 2], queue: 'kept' }));
    expect(result).toBe(3);
  }, 120_000);
});
