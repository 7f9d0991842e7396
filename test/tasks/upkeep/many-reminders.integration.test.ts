import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { sendReminders } from '../../../workers/tasks/upkeep/send-reminders.ts';
import { sampleUser } from '../../state/samples.ts';
import { openTestState, type TestState } from '../open-stores.ts';
import { taskContext } from '../task-context.ts';
import { daysAgo, reminderDeps } from './reminder-world.ts';

const customers = 200_000;

let opened: TestState;
beforeAll(async () => {
  opened = await openTestState();
  await seed(opened.redis.url);
}, 240_000);
afterAll(() => opened.close());

/** Bytes of the heap that are still in use after a collection of garbage. */
function bytesInUse(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

/** Puts customers into Redis as the store has them, many at a time. */
async function seed(url: string): Promise<void> {
  const redis = new Redis(url);
  const { userId: _, email: __, ...account } = sampleUser();
  for (let first = 0; first < customers; first += 5_000) {
    const pipeline = redis.pipeline();
    for (let i = first; i < first + 5_000; i += 1) {
      const user = { ...account, userId: `user-${i}`, email: `user-${i}@example.com` };
      pipeline.set(`user:user-${i}`, JSON.stringify(user));
      pipeline.zadd('customers:idle', daysAgo(20 + (i % 300)).getTime(), `user-${i}`);
    }
    await pipeline.exec();
  }
  redis.disconnect();
}

describe('send_reminders with 200,000 customers', () => {
  it('reminds each once, through a crash in the middle, in the memory of one batch', async () => {
    const reminded = new Uint8Array(customers);
    let peakBytes = 0;
    const answer = (to: string) => {
      const number = Number(to.slice(5, to.indexOf('@')));
      reminded[number] = (reminded[number] ?? 0) + 1;
      return { kind: 'sent' } as const;
    };
    const deps = reminderDeps(opened, answer, { batchSize: 500 });
    const { context } = taskContext();
    let steps = 0;
    const measured = {
      ...context,
      updateState: async () => {
        steps += 1;
        if (steps % 40 === 0) peakBytes = Math.max(peakBytes, bytesInUse());
        if (steps === 137) throw new Error('the process was killed');
      },
    };
    const before = bytesInUse();
    await expect(sendReminders(deps, measured)).rejects.toThrow('killed');
    const report = await sendReminders(deps, measured);
    expect(report).toMatchObject({ sent: customers - 137 * 500, left: 0 });
    expect(reminded.every((times) => times === 1)).toBe(true);
    const growth = Math.round((peakBytes - before) / 1024 / 1024);
    process.stdout.write(`${customers} reminders: the heap grew by ${growth} MB at most\n`);
    // All accounts at once would be more than 100 MB.
    expect(growth).toBeLessThan(20);
  }, 300_000);
});
