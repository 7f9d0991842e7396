import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { smartEats } from '../../workers/platform/platform.ts';
import { topologyOf } from '../../workers/platform/topology.ts';
import { freshVhost, type TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';

interface LiveQueue {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly arguments: Record<string, unknown>;
  readonly effective_policy_definition?: Record<string, unknown>;
  readonly policy?: string | null;
}

describe('the RabbitMQ definitions', () => {
  let vhost: TestVhost;
  beforeAll(async () => {
    vhost = await freshVhost(smartEats);
  });
  afterAll(() => vhost.drop());

  it('create exactly the declared queues, all durable quorum queues', async () => {
    const live = await vhost.json<LiveQueue[]>(`queues/${vhost.vhost}`);
    const declared = topologyOf(smartEats).queues;
    expect(live.map(({ name }) => name).sort()).toEqual(declared.map(({ name }) => name).sort());
    expect(live.every(({ durable, type }) => durable && type === 'quorum')).toBe(true);
    for (const queue of declared) {
      expect(live.find(({ name }) => name === queue.name)?.arguments).toEqual(queue.arguments);
    }
  });

  it('put every work queue and task queue under a policy that dead-letters without loss', async () => {
    for (const [name, { deliveryLimit }] of Object.entries({
      ...smartEats.queues,
      ...smartEats.taskQueues,
    })) {
      await eventually(async () => {
        const queue = await vhost.json<LiveQueue>(`queues/${vhost.vhost}/${name}`);
        expect(queue.effective_policy_definition).toMatchObject({
          'dead-letter-exchange': 'smarteats.dead',
          'dead-letter-routing-key': name,
          'dead-letter-strategy': 'at-least-once',
          overflow: 'reject-publish',
          'delivery-limit': deliveryLimit,
        });
      });
    }
  });
});
