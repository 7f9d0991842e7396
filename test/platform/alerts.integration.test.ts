import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alertsOf } from '../../workers/platform/alerts.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { type OwnBroker, startOwnBroker } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';

describe('the alert of a backlog', () => {
  let broker: OwnBroker;

  beforeAll(async () => {
    broker = await startOwnBroker(smartEats);
  });
  afterAll(async () => {
    await broker.remove();
  });

  it('asks for a metric that RabbitMQ gives for every declared queue', async () => {
    const expression = alertsOf(smartEats)['QueueBacklog']?.expression ?? '';
    const metric = /rabbitmq_[a-z_]+/.exec(expression)?.[0];
    const page = `http://127.0.0.1:${broker.server.ports.prometheus}/metrics/detailed?family=queue_coarse_metrics`;
    await eventually(async () => {
      const text = await (await fetch(page)).text();
      const queues = [...text.matchAll(new RegExp(`^${metric}{.*queue="([^"]+)".*} \\d+$`, 'gm'))];
      const declared = [...Object.keys(smartEats.queues), ...Object.keys(smartEats.taskQueues)];
      expect(queues.map(([, queue]) => queue)).toEqual(expect.arrayContaining(declared));
    });
  });
});
