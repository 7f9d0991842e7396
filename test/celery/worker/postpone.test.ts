import { describe, expect, it } from '@jest/globals';
import type { TaskDelivery } from '../../../workers/celery/worker/deliveries.ts';
import { postponed } from '../../../workers/celery/worker/postpone.ts';

const headers = {
  task: 'tests.add',
  id: 'a1',
  eta: '2099-01-01T00:00:00+00:00',
  'x-tenant': 'ours',
  'x-death': [{ queue: 'celery_delayed_0' }],
  'x-first-death-queue': 'celery_delayed_0',
  'x-last-death-reason': 'expired',
  'x-delivery-count': 3,
};

const delivery = {
  queue: 'kitchen',
  message: {
    content: Buffer.from('[[1, 2], {}, null]'),
    fields: { routingKey: 'kitchen' },
    properties: {
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      correlationId: 'a1',
      replyTo: 'mailbox',
      priority: 3,
      expiration: '60000',
      headers,
    },
  },
  // Only the message and its queue are looked at.
} as unknown as TaskDelivery;

describe('a message that is put off', () => {
  const message = postponed(delivery, 2.7);

  it('waits the whole seconds at the broker and comes back to its queue', () => {
    expect(message.exchange).toBe('celery_delayed_27');
    expect(message.routingKey).toBe(`${'0.'.repeat(26)}1.0.kitchen`);
  });

  it('is the same message, durable, and must arrive', () => {
    expect(message.content).toBe(delivery.message.content);
    expect(message.properties).toMatchObject({
      contentType: 'application/json',
      contentEncoding: 'utf-8',
      correlationId: 'a1',
      replyTo: 'mailbox',
      priority: 3,
      deliveryMode: 2,
      mandatory: true,
    });
  });

  it('keeps its headers but for those of the broker, and not its own expiry', () => {
    const { task, id, eta, 'x-tenant': tenant } = headers;
    expect(message.properties.headers).toEqual({ task, id, eta, 'x-tenant': tenant });
    expect(message.properties).not.toHaveProperty('expiration');
  });
});
