import { describe, expect, it } from '@jest/globals';
import { connectOrderTasks, taskAbout } from '../../../workers/services/notification/order-tasks.ts';
import { MemoryLog } from '../../messaging/test-runtime.ts';

describe('the task that tells a customer', () => {
  const task = taskAbout('order-1', 'order_confirmed');

  it('is held while the broker is away, until the attempt at its message ends', async () => {
    if (task === undefined) throw new Error('there is no task');
    const connection = { url: 'amqp://127.0.0.1:1' };
    const tasks = connectOrderTasks({ connection, name: 'test', log: new MemoryLog() });
    const attempt = tasks.call(task, AbortSignal.timeout(100));
    await expect(attempt).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' });
    await expect(tasks.call(task, AbortSignal.abort())).rejects.toMatchObject({ code: 'PUBLISH_ABORTED' });
    await tasks.close();
  });
});
