import { setTimeout as delay } from 'node:timers/promises';
import { PlatformError } from '../../platform/errors.ts';
import { smartEats } from '../../platform/platform.ts';
import { openState } from '../../state/state.ts';
import { createLogger } from '../../telemetry/log.ts';
import { readCommandConfiguration } from '../host/configuration.ts';
import { type DemoAccount, type DemoSize, seedDemo } from './seed-demo.ts';

/** How long to wait for Redis, in milliseconds. */
const patienceMs = 30_000;

/**
 * Seeds the Redis that the environment names.
 *
 * @throws PlatformError CONFIG_INVALID, or STATE_UNAVAILABLE when Redis does not come within half a minute
 */
export async function runSeed(
  env: Readonly<Record<string, string | undefined>>,
  size: DemoSize,
): Promise<readonly DemoAccount[]> {
  const config = readCommandConfiguration(smartEats, 'seed', env);
  const state = await openState(config, createLogger({ service: 'seed', level: config.LOG_LEVEL }));
  try {
    const giveUpAt = Date.now() + patienceMs;
    while (!((await state.ready()) && (await (state.mongodb?.ready() ?? true)))) {
      if (Date.now() > giveUpAt) throw new PlatformError('STATE_UNAVAILABLE');
      await delay(100);
    }
    return await seedDemo(state.stores, size);
  } finally {
    await state.close();
  }
}
