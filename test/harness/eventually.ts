import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until an assertion holds.
 * @param timeoutMs how long to try before the assertion's own error is thrown
 */
export async function eventually<T>(assertion: () => T | Promise<T>, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await delay(50);
    }
  }
}
