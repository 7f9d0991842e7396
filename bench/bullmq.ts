import { Queue, Worker } from 'bullmq';

/** Jobs are added in lists of this length, as BullMQ advises. */
const bulk = 1_000;

/**
 * Fills a queue of BullMQ, has its worker warm up on the first of it, and measures the rest. Configured for speed as its
 * documentation advises: many jobs at once in one process, ended jobs removed. So no result is left to be read, and what
 * Redis had not written is lost with it, where ours stores each result and the broker has each message on disk.
 *
 * @param slots jobs at once
 * @returns tasks a second
 */
export async function measureBullmq(
  redisUrl: string,
  load: { readonly slots: number; readonly tasks: number; readonly warmUp: number },
): Promise<number> {
  const { slots, tasks, warmUp } = load;
  const { hostname: host, port, username, password } = new URL(redisUrl);
  const account = { ...(username !== '' && { username }), ...(password !== '' && { password }) };
  const connection = { host, port: Number(port), ...account, maxRetriesPerRequest: null };
  const name = `bench-bullmq-${slots}`;
  const queue = new Queue(name, { connection, defaultJobOptions: { removeOnComplete: true } });
  const all = warmUp + tasks;
  for (let from = 0; from < all; from += bulk) {
    const length = Math.min(bulk, all - from);
    await queue.addBulk(Array.from({ length }, () => ({ name: 'add', data: [1, 2] })));
  }
  let [done, began] = [0, 0];
  const worker = new Worker<readonly [number, number], number>(
    name,
    async ({ data: [left, right] }) => left + right,
    { connection, concurrency: slots, autorun: false },
  );
  const finished = new Promise<number>((resolve) => {
    worker.on('completed', () => {
      done += 1;
      if (done === warmUp) began = performance.now();
      if (done === all) resolve(performance.now());
    });
  });
  const running = worker.run();
  const ended = await finished;
  await worker.close();
  await running;
  await queue.close();
  return (tasks / (ended - began)) * 1000;
}
