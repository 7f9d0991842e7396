import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';

/** Draws a report in a thread of its own that may hold so much; ends with an error where that is not enough. */
function renderInThread(
  days: number,
  heapMb: number,
): Promise<{ readonly bytes: number; readonly pages: number }> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./render-in-thread.mjs', import.meta.url), {
      workerData: { days },
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the thread ended with ${code}`)));
  });
}

describe('a report in a thread of its own', () => {
  it('of the longest range needs no more than a fraction of a worker', async () => {
    const { pages, bytes } = await renderInThread(366, 96);
    expect(pages).toBeGreaterThan(5);
    expect(bytes).toBeLessThan(200_000);
  });
});
