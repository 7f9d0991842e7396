import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cleanupCarts } from '../../../workers/tasks/upkeep/cleanup-carts.ts';
import { upkeepTasks } from '../../../workers/tasks/upkeep/upkeep-tasks.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { taskContext } from '../task-context.ts';
import { reminderDeps } from './reminder-world.ts';

let opened: TestState;
beforeAll(async () => {
  opened = await openTestState();
});
afterAll(() => opened.close());

const now = new Date('2026-11-25T02:00:00Z');
const cartsOf = () => opened.state.stores.carts;

async function save(userId: string, minutesLeft: number): Promise<void> {
  await cartsOf().save(userId, {
    restaurantId: 'roma',
    items: [{ menuItemId: 'pizza', quantity: 1 }],
    updatedAt: now.toISOString(),
    expiresAt: new Date(now.getTime() + minutesLeft * 60_000).toISOString(),
  });
}
const clean = (signal?: AbortSignal) => {
  const { context, states } = taskContext(signal);
  return { states, done: cleanupCarts({ carts: cartsOf(), now: () => now, batchSize: 10 }, context) };
};

describe('cleanup_carts', () => {
  it('removes what has expired, batch by batch, says how far it is, and leaves the rest', async () => {
    for (let i = 0; i < 25; i += 1) await save(`old-${i}`, -i);
    await save('fresh', 1);
    const { states, done } = clean();
    expect(await done).toEqual({ removed: 25 });
    expect(states).toEqual([
      ['PROGRESS', { removed: 10 }],
      ['PROGRESS', { removed: 20 }],
    ]);
    expect(await cartsOf().find('fresh', now)).toBeDefined();
    expect(await clean().done).toEqual({ removed: 0 });
  });

  it('goes on where a run was stopped', async () => {
    for (let i = 0; i < 25; i += 1) await save(`old-${i}`, -1);
    const stop = new AbortController();
    const { context } = taskContext(stop.signal);
    const stopping = { ...context, updateState: async () => stop.abort(new Error('the worker stops')) };
    await expect(cleanupCarts({ carts: cartsOf(), now: () => now, batchSize: 10 }, stopping)).rejects.toThrow(
      'the worker stops',
    );
    expect(await clean().done).toEqual({ removed: 15 });
  });
});

describe('the tasks of upkeep', () => {
  it('run as they are declared, without arguments', async () => {
    const tasks = upkeepTasks({
      cleanup: { carts: cartsOf() },
      reminders: reminderDeps(opened, () => ({ kind: 'sent' })),
    });
    expect(await tasks.cleanupCarts.run({}, taskContext().context)).toEqual({ removed: expect.any(Number) });
    expect(await tasks.sendReminders.run({}, taskContext().context)).toMatchObject({ sent: 0, left: 0 });
    for (const task of Object.values(tasks)) {
      expect(task.queue).toBe('celery');
      expect(task.parameters.safeParse({ days: 3 }).success).toBe(false);
    }
  });
});
