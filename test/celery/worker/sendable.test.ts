import { describe, expect, it } from '@jest/globals';
import { encodeTask } from '../../../workers/celery/protocol/task-message.ts';
import { sendable } from '../../../workers/celery/worker/sendable.ts';

const message = encodeTask({ task: 'a', id: 'i', args: [], kwargs: {}, queue: 'celery', origin: 'tests' });

describe('a task message that is to be sent', () => {
  it.each([
    ['the name of its queue', { ...message, routingKey: 'x'.repeat(256) }],
    ['the name of its exchange', { ...message, exchange: 'ä'.repeat(128) }],
    ['where it is answered', { ...message, properties: { ...message.properties, replyTo: 'x'.repeat(256) } }],
    ['its priority', { ...message, properties: { ...message.properties, priority: 256 } }],
    ['its priority, a fraction', { ...message, properties: { ...message.properties, priority: 0.5 } }],
  ])('is refused for %s before anything is asked of the broker', (_, bad) => {
    expect(() => sendable(bad)).toThrow(expect.objectContaining({ code: 'TASK_UNSENDABLE' }));
  });

  it('has no correlation id where its own id is longer than that can be, and keeps the id', () => {
    const id = 'x'.repeat(300);
    const long = sendable(
      encodeTask({ task: 'a', id, args: [], kwargs: {}, queue: 'celery', origin: 'tests' }),
    );
    expect(long.properties).not.toHaveProperty('correlationId');
    expect(long.properties.headers['id']).toBe(id);
  });
});
