import { describe, expect, it } from '@jest/globals';
import { encodeTask } from '../../../workers/celery/protocol/task-message.ts';
import { delayMessage } from '../../../workers/celery/worker/delayed-delivery.ts';

const message = encodeTask({
  task: 'tests.add',
  id: 'a1',
  args: [],
  kwargs: {},
  queue: 'qq',
  origin: 'tests',
});

describe('a message that waits at the broker', () => {
  it('has a bit for each level in its key, as a client of Celery writes it for 5 seconds', () => {
    const { exchange, routingKey } = delayMessage(message, 5, 'qq');
    expect(exchange).toBe('celery_delayed_27');
    expect(routingKey).toBe(`${'0.'.repeat(25)}1.0.1.qq`);
  });

  it('waits whole seconds, and at most as long as all levels together', () => {
    expect(delayMessage(message, 0.9, 'qq').routingKey).toBe(`${'0.'.repeat(28)}qq`);
    expect(delayMessage(message, -3, 'qq').routingKey).toBe(`${'0.'.repeat(28)}qq`);
    expect(delayMessage(message, 1e12, 'qq').routingKey).toBe(`${'1.'.repeat(28)}qq`);
  });

  it('is otherwise the same', () => {
    const { content, properties } = delayMessage(message, 5, 'qq');
    expect({ content, properties }).toEqual({ content: message.content, properties: message.properties });
  });
});
