import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConsumeMessage, connect } from 'amqplib';
import { encodeTask } from '../../../workers/celery/protocol/task-message.ts';
import {
  bindToDelayedDelivery,
  declareDelayedDelivery,
  delayMessage,
} from '../../../workers/celery/worker/delayed-delivery.ts';
import type { BrokerConnection } from '../../../workers/messaging/connection.ts';
import { smartEats } from '../../../workers/platform/platform.ts';
import { freshVhost, type TestVhost } from '../../harness/broker.ts';
import { eventually } from '../../harness/eventually.ts';
import { bareVhost, declareElsewhere, openConnection } from './broker-fixtures.ts';

describe.each([
  ['a quorum queue', () => freshVhost(smartEats)],
  ['a classic queue', bareVhost],
])('delayed delivery to %s', (_, makeVhost) => {
  let vhost: TestVhost;
  let connection: BrokerConnection;
  const arrived: { readonly id: unknown; readonly atMs: number }[] = [];
  let broker: Awaited<ReturnType<typeof connect>>;

  beforeAll(async () => {
    vhost = await makeVhost();
    connection = await openConnection(vhost.url);
    await declareElsewhere(vhost.url, 'kitchen', {});
    await declareDelayedDelivery(connection);
    await bindToDelayedDelivery(connection, { name: 'kitchen', routingKey: 'kitchen' });
    broker = await connect(vhost.url);
    const channel = await broker.createChannel();
    await channel.consume('kitchen', (message: ConsumeMessage | null) => {
      arrived.push({ id: message?.properties.headers?.id, atMs: Date.now() });
    });
  });
  afterAll(async () => {
    await broker.close();
    await connection.close(1_000);
    await vhost.drop();
  });

  it('brings each message after its own time, a short one not behind a long one', async () => {
    const channel = await broker.createConfirmChannel();
    const sentAt = Date.now();
    for (const seconds of [3, 1, 0, 3600]) {
      const call = { task: 'tests.add', id: String(seconds), args: [], kwargs: {}, origin: 'tests' };
      const message = delayMessage(encodeTask({ ...call, queue: 'kitchen' }), seconds, 'kitchen');
      channel.publish(message.exchange, message.routingKey, message.content, message.properties);
    }
    await channel.waitForConfirms();
    await eventually(() => expect(arrived.map(({ id }) => id)).toEqual(['0', '1', '3']));
    const waits = arrived.map(({ atMs }) => atMs - sentAt);
    expect(waits[1]).toBeGreaterThanOrEqual(990);
    expect(waits[2]).toBeGreaterThanOrEqual(2_990);
  });

  it('can be declared as often as there are workers', async () => {
    await expect(Promise.all([1, 2, 3].map(() => declareDelayedDelivery(connection)))).resolves.toHaveLength(
      3,
    );
  });
});
