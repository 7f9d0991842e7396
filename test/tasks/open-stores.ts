import { openState, type State } from '../../workers/state/state.ts';
import { eventually } from '../harness/eventually.ts';
import { startTestRedis, type TestRedis } from '../harness/redis.ts';
import { recordedLog } from '../state/recorded-log.ts';

/** The state of the platform on a Redis of the test's own. */
export interface TestState {
  readonly redis: TestRedis;
  readonly state: State;
  close(): Promise<void>;
}

export async function openTestState(): Promise<TestState> {
  const redis = await startTestRedis();
  const state = await openState({ REDIS_URL: redis.url }, recordedLog());
  await eventually(async () => {
    if (!(await state.ready())) throw new Error('Redis does not answer');
  });
  return {
    redis,
    state,
    close: async () => {
      await state.close();
      await redis.remove();
    },
  };
}
