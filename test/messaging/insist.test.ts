import { describe, expect, it } from '@jest/globals';
import { insist } from '../../workers/messaging/insist.ts';

function failing(times: number) {
  let calls = 0;
  return {
    action: async () => {
      calls += 1;
      if (calls <= times) throw new Error(`failure ${calls}`);
    },
    calls: () => calls,
  };
}

const never = new AbortController().signal;
const ignore = () => undefined;

describe('insisting on an action', () => {
  it('repeats it until it succeeds and tells of each failure', async () => {
    const { action, calls } = failing(2);
    const errors: unknown[] = [];
    const onError = (error: unknown) => {
      errors.push(error);
    };
    expect(await insist(action, { signal: never, tries: 5, onError })).toBe(true);
    expect(calls()).toBe(3);
    expect(errors).toEqual([new Error('failure 1'), new Error('failure 2')]);
  });

  it('gives up after the last try', async () => {
    const { action, calls } = failing(100);
    expect(await insist(action, { signal: never, tries: 2, onError: ignore })).toBe(false);
    expect(calls()).toBe(2);
  });

  it('does not begin, and does not go on, once its signal is aborted', async () => {
    const { action, calls } = failing(100);
    expect(await insist(action, { signal: AbortSignal.abort(), tries: 5, onError: ignore })).toBe(false);
    expect(calls()).toBe(0);
    const controller = new AbortController();
    const onError = () => controller.abort();
    expect(await insist(action, { signal: controller.signal, tries: 5, onError })).toBe(false);
    expect(calls()).toBe(1);
  });
});
