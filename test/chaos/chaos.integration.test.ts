import { afterEach, describe, expect, it } from '@jest/globals';
import { findGaps } from '../../cli/accounting/accounts.ts';
import { demoEnvironment } from '../../cli/commands/demo.ts';
import { type ServedPicture, servePicture } from '../../cli/demo/picture-server.ts';
import { runDemo } from '../../cli/demo/run-demo.ts';
import { playedStack } from '../../cli/players/played-stack.ts';
import { type LocalStack, startLocalStack } from '../../local/local-stack.ts';
import { smartEats } from '../../workers/platform/platform.ts';
import { Random } from '../harness/random.ts';
import { unleashChaos } from './chaos.ts';

/** The same mishaps in every run, so that a failure is one of the change at hand; `CHAOS_SEED` asks for others. */
const seed = Number(process.env['CHAOS_SEED'] ?? 1);
const orders = Number(process.env['CHAOS_ORDERS'] ?? 120);

/** The payment sandbox and the message catcher stand for the world outside, and keep their books in memory. */
const outside = ['payment-sandbox', 'message-catcher'];

describe(`the platform in chaos with seed ${seed}`, () => {
  let stack: LocalStack;
  let picture: ServedPicture;
  afterEach(async () => {
    await stack.stop();
    await picture.close();
  });

  it('closes its accounts and runs every task, whatever is killed, frozen or cut off', async () => {
    picture = await servePicture();
    stack = await startLocalStack({
      isolated: true,
      environment: { ...demoEnvironment, ...picture.environment },
    });
    const over = new AbortController();
    const mishaps: string[] = [];
    const chaos = unleashChaos({
      stack,
      victims: Object.keys(stack.urls).filter((name) => !outside.includes(name)),
      random: new Random(seed),
      signal: over.signal,
      onMishap: (what) => mishaps.push(what),
    });
    const accounts = await runDemo({
      platform: playedStack(stack),
      pictureUrl: picture.url,
      orders,
      rate: 6,
      signal: AbortSignal.timeout(400_000),
      onProgress: ({ placed }) => {
        if (placed === orders) over.abort();
      },
    });
    over.abort();
    await chaos;

    expect({ mishaps, gaps: findGaps(accounts) }).toEqual({ mishaps, gaps: [] });
    expect(accounts.orders).toHaveLength(orders);
    expect(accounts.messages.dead).toBe(0);
    expect(accounts.tasks).toHaveLength(Object.keys(smartEats.tasks).length);
    expect(mishaps.length).toBeGreaterThan(3);
  }, 500_000);
});
