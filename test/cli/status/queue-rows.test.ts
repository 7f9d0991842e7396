import { describe, expect, it } from '@jest/globals';
import type { BrokerQueue } from '../../../cli/cluster/broker-api.ts';
import { delayedCount, queueRows } from '../../../cli/status/queue-rows.ts';
import { smartEats } from '../../../workers/platform/platform.ts';

function queue(name: string, overrides: Partial<BrokerQueue> = {}): BrokerQueue {
  return { name, ready: 0, unacked: 0, messages: 0, consumers: 1, ...overrides };
}

/** The row that a queue gets when the broker has these. */
function rowOf(name: string, ...live: readonly BrokerQueue[]) {
  return queueRows(smartEats, live).find((row) => row.name === name);
}

describe('the rows of queues', () => {
  it('are all declared queues and task queues, then those that somebody has made', () => {
    const live = [queue('mine'), queue('celery'), queue('order_created')];
    const names = queueRows(smartEats, live).map(({ name }) => name);
    expect(names).toEqual([...Object.keys(smartEats.queues), ...Object.keys(smartEats.taskQueues), 'mine']);
  });

  it('leave out the queues in which messages wait for their time, and dead letter queues', () => {
    const waiting = queue('celery_delayed_9', { messages: 4, consumers: 0 });
    const live = [waiting, queue('smarteats.retry.1000ms'), queue('order_created.dead'), queue('gone.dead')];
    const names = queueRows(smartEats, live).map(({ name }) => name);
    expect(names).not.toEqual(expect.arrayContaining([expect.stringMatching(/retry|dead|delayed/)]));
  });

  it('have what the broker counts, and no problem when all is well', () => {
    const live = queue('order_created', { ready: 3, unacked: 2, messages: 5, consumers: 2 });
    expect(rowOf('order_created', live)).toEqual({
      name: 'order_created',
      ready: 3,
      unacked: 2,
      dead: 0,
      consumers: 2,
    });
  });

  it('say that a declared queue is not on the broker', () => {
    expect(rowOf('order_created')).toMatchObject({ consumers: 0, problem: 'it is not on the broker' });
  });

  it('say who should consume a queue that nobody consumes, empty or not', () => {
    expect(rowOf('order_created', queue('order_created', { consumers: 0 }))?.problem).toBe(
      'nobody consumes it, order-service should',
    );
  });

  it('accept that nobody consumes a task queue until something waits in it', () => {
    expect(rowOf('celery', queue('celery', { consumers: 0 }))).not.toHaveProperty('problem');
    expect(rowOf('celery', queue('celery', { consumers: 0, messages: 4 }))?.problem).toBe(
      '4 messages wait and nobody consumes it',
    );
  });

  it.each([
    [1, '1 dead letter waits for a decision'],
    [2, '2 dead letters wait for a decision'],
  ])('count %i dead letters with their queue', (messages, problem) => {
    const live = [queue('order_created'), queue('order_created.dead', { messages, consumers: 0 })];
    expect(rowOf('order_created', ...live)).toMatchObject({ dead: messages, problem });
  });
});

describe('the messages that wait for their time', () => {
  it('are those in the retry steps of the platform and in the levels of delay, together', () => {
    const live = [
      queue('smarteats.retry.1000ms', { messages: 2 }),
      queue('smarteats.retry.5000ms', { messages: 3 }),
      queue('celery_delayed_9', { messages: 4 }),
      queue('smarteats.retry.7ms', { messages: 10 }),
      queue('order_created', { messages: 100 }),
    ];
    expect(delayedCount(smartEats, live)).toBe(9);
  });
});
