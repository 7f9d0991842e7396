import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { definePlatform, smartEats } from '../../workers/platform/platform.ts';
import { defineQueue } from '../../workers/platform/queues.ts';
import { rabbitmqDefinitions } from '../../workers/platform/rabbitmq-definitions.ts';
import { defineTaskQueue } from '../../workers/platform/tasks.ts';
import { topologyOf } from '../../workers/platform/topology.ts';

const platform = definePlatform({
  exchanges: { work: { type: 'direct', description: '' } },
  queues: {
    cook: defineQueue({
      description: '',
      exchange: 'work',
      routingKey: 'cooking',
      consumer: 'kitchen',
      payload: z.strictObject({}),
      deliveryLimit: 4,
      maxLength: 100,
    }),
  },
  events: {},
  services: { kitchen: { description: '', port: 5000, uses: ['rabbitmq'], kind: 'product' } },
  taskQueues: { dishes: defineTaskQueue({ description: '', deliveryLimit: 7 }) },
  tasks: {},
  schedule: {},
  retryDelaysMs: [1_000, 300_000],
});

describe('the topology of a platform', () => {
  const topology = topologyOf(platform);

  it('declares a work queue and its dead-letter queue with their type and nothing else', () => {
    const bare = { 'x-queue-type': 'quorum' };
    expect(topology.queues).toContainEqual({ name: 'cook', arguments: bare });
    expect(topology.queues).toContainEqual({ name: 'cook.dead', arguments: bare });
  });

  it('binds the work queue by its routing key and the dead-letter queue by the name of the work queue', () => {
    expect(topology.bindings).toContainEqual({ exchange: 'work', queue: 'cook', routingKey: 'cooking' });
    expect(topology.bindings).toContainEqual({
      exchange: 'smarteats.dead',
      queue: 'cook.dead',
      routingKey: 'cook',
    });
  });

  it('has one retry step for each delay, which sends a message back to the queue in its routing key', () => {
    expect(topology.queues).toContainEqual({
      name: 'smarteats.retry.300000ms',
      arguments: {
        'x-queue-type': 'quorum',
        'x-dead-letter-exchange': '',
        'x-dead-letter-strategy': 'at-least-once',
        'x-overflow': 'reject-publish',
      },
    });
    expect(topology.exchanges).toContainEqual({ name: 'smarteats.retry.300000ms', type: 'fanout' });
  });

  it('declares a task queue bare, with the exchange and the routing key that Celery gives it', () => {
    const bare = { 'x-queue-type': 'quorum' };
    expect(topology.queues).toContainEqual({ name: 'dishes', arguments: bare });
    expect(topology.queues).toContainEqual({ name: 'dishes.dead', arguments: bare });
    expect(topology.exchanges).toContainEqual({ name: 'dishes', type: 'direct' });
    expect(topology.bindings).toContainEqual({ exchange: 'dishes', queue: 'dishes', routingKey: 'dishes' });
  });

  it('gives a task queue the same safety by a policy', () => {
    const [work, tasks] = topology.policies;
    expect(tasks).toEqual({
      ...work,
      name: 'dishes',
      pattern: '^dishes$',
      definition: {
        ...work?.definition,
        'dead-letter-routing-key': 'dishes',
        'delivery-limit': 7,
        'max-length': 1_000_000,
      },
    });
  });

  it('lets dead letters be read as often as anybody likes, without dropping them', () => {
    const reading = topology.policies.filter(({ pattern }) => new RegExp(pattern).test('cook.dead'));
    expect(reading).toHaveLength(1);
    expect(reading[0]?.definition).toEqual({ 'delivery-limit': 1_000_000_000 });
  });

  it('limits a work queue and dead-letters it without loss by a policy that matches it alone', () => {
    expect(topology.policies.filter(({ name }) => name === 'cook')).toEqual([
      {
        name: 'cook',
        pattern: '^cook$',
        priority: 10,
        definition: {
          'dead-letter-exchange': 'smarteats.dead',
          'dead-letter-routing-key': 'cook',
          'dead-letter-strategy': 'at-least-once',
          overflow: 'reject-publish',
          'delivery-limit': 4,
          'max-length': 100,
        },
      },
    ]);
  });

  it('binds only what it declares', () => {
    const { exchanges, queues, bindings } = topologyOf(smartEats);
    for (const binding of bindings) {
      expect(exchanges.map(({ name }) => name)).toContain(binding.exchange);
      expect(queues.map(({ name }) => name)).toContain(binding.queue);
    }
  });
});

describe('the RabbitMQ definitions', () => {
  it('make quorum the default queue type, so that a bare declaration means the same queue', () => {
    expect(rabbitmqDefinitions(platform)).toMatchObject({
      vhosts: [{ name: '/', default_queue_type: 'quorum' }],
    });
  });

  it('name users only where they are given', () => {
    expect(rabbitmqDefinitions(platform)).not.toHaveProperty('users');
    const users = [{ name: 'cook', passwordHash: 'aGFzaA==', tags: [] }];
    expect(rabbitmqDefinitions(platform, { vhost: 'v', users })).toMatchObject({
      users: [
        { name: 'cook', password_hash: 'aGFzaA==', hashing_algorithm: 'rabbit_password_hashing_sha256' },
      ],
      permissions: [{ user: 'cook', vhost: 'v', configure: '.*', write: '.*', read: '.*' }],
    });
  });

  it('are the same bytes every time', () => {
    expect(JSON.stringify(rabbitmqDefinitions(smartEats))).toBe(
      JSON.stringify(rabbitmqDefinitions(smartEats)),
    );
  });
});
