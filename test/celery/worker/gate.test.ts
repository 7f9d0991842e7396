import { describe, expect, it } from '@jest/globals';
import { Gate, persist } from '../../../workers/celery/worker/gate.ts';

describe('a gate', () => {
  it('is open until somebody closes it, and again when all who did have opened it', async () => {
    const gate = new Gate();
    const never = new AbortController().signal;
    await gate.passed(never);
    const [first, second] = [gate.close(), gate.close()];
    let passed = false;
    const passing = gate.passed(never).then(() => {
      passed = true;
    });
    first();
    first();
    await Promise.resolve();
    expect([gate.open, passed]).toEqual([false, false]);
    second();
    await passing;
    expect([gate.open, passed]).toEqual([true, true]);
  });

  it('does not hold back who may wait no longer', async () => {
    const gate = new Gate();
    gate.close();
    const controller = new AbortController();
    const passing = gate.passed(controller.signal);
    controller.abort();
    await passing;
    expect(gate.open).toBe(false);
  });
});

describe('persisting', () => {
  const delay = { next: () => 0 };
  const isPassing = (error: unknown) => error instanceof RangeError;

  it('tries until it succeeds, and tells each trouble', async () => {
    const troubles: unknown[] = [];
    let tries = 0;
    const result = await persist(
      async () => {
        tries += 1;
        if (tries < 4) throw new RangeError(`try ${tries}`);
        return tries;
      },
      { delay, isPassing, signal: new AbortController().signal, onTrouble: (error) => troubles.push(error) },
    );
    expect(result).toBe(4);
    expect(troubles).toHaveLength(3);
  });

  it('gives up at once for an error that will not pass', async () => {
    const failing = async () => {
      throw new TypeError('for good');
    };
    const signal = new AbortController().signal;
    await expect(persist(failing, { delay, isPassing, signal, onTrouble: () => undefined })).rejects.toThrow(
      'for good',
    );
  });

  it('gives up when nobody may wait any longer', async () => {
    const controller = new AbortController();
    const failing = async () => {
      controller.abort();
      throw new RangeError('still away');
    };
    const options = { delay, isPassing, signal: controller.signal, onTrouble: () => undefined };
    await expect(persist(failing, options)).rejects.toThrow('still away');
  });
});
