import type { TaskContext } from '../../celery/task.ts';
import type { CartStore } from '../../state/records/carts.ts';

export interface CleanupDeps {
  readonly carts: Pick<CartStore, 'removeExpired'>;
  /** @default the present */
  readonly now?: () => Date;
  /** Carts of one step. @default 500 */
  readonly batchSize?: number;
}

/**
 * Removes every cart that had expired when it began. It keeps nothing of its own: after a crash the next run goes on
 * with the carts that are still there.
 */
export async function cleanupCarts(
  { carts, now = () => new Date(), batchSize = 500 }: CleanupDeps,
  context: Pick<TaskContext, 'signal' | 'updateState'>,
): Promise<{ readonly removed: number }> {
  const began = now();
  let removed = 0;
  for (;;) {
    context.signal.throwIfAborted();
    const batch = await carts.removeExpired(began, batchSize);
    removed += batch.removed;
    if (batch.seen < batchSize) return { removed };
    await context.updateState('PROGRESS', { removed });
  }
}
