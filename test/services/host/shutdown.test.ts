import { describe, expect, it, jest } from '@jest/globals';
import { shutDown } from '../../../workers/services/host/shutdown.ts';

const log = () => ({ error: jest.fn() });

describe('a shutdown', () => {
  it('runs its steps one after the other', async () => {
    const done: string[] = [];
    const step = (name: string) => ({
      name,
      run: async () => {
        done.push(`${name} begins`);
        await Promise.resolve();
        done.push(`${name} ends`);
      },
    });
    expect(await shutDown([step('a'), step('b')], 5_000, log())).toBe(true);
    expect(done).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('goes on after a step that fails, says which one it was, and is not clean', async () => {
    const { error } = log();
    const last = jest.fn(async () => {});
    const steps = [
      { name: 'broken', run: async () => Promise.reject(new Error('no')) },
      { name: 'last', run: last },
    ];
    expect(await shutDown(steps, 5_000, { error })).toBe(false);
    expect(last).toHaveBeenCalled();
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ step: 'broken' }), expect.any(String));
  });

  it('does not wait for a step longer than the grace period', async () => {
    const last = jest.fn(async () => {});
    const steps = [
      { name: 'endless', run: () => new Promise<void>(() => {}) },
      { name: 'last', run: last },
    ];
    expect(await shutDown(steps, 50, log())).toBe(false);
    expect(last).toHaveBeenCalled();
  });

  it('leaves time for the steps after one with a share', async () => {
    const limits: number[] = [];
    const note = async (limitMs: number) => void limits.push(limitMs);
    await shutDown(
      [
        { name: 'half', share: 0.5, run: note },
        { name: 'rest', run: note },
      ],
      60_000,
      log(),
    );
    expect(limits[0]).toBeLessThanOrEqual(30_000);
    expect(limits[1]).toBeGreaterThan(30_000);
  });
});
