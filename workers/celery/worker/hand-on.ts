import type { Log } from '../../messaging/log.ts';
import { isForGood, type TaskSender } from '../sending.ts';
import type { TaskDelivery } from './deliveries.ts';
import { repeated } from './repeated.ts';

/**
 * Moves a message to the queue whose workers have its task: a client that names no queue calls every task on its own
 * default one. The message is acknowledged once the broker has confirmed that it is there.
 * @returns false when it can never be there
 */
export async function handOn(
  delivery: TaskDelivery,
  queue: string,
  { sender, log }: { readonly sender: TaskSender; readonly log: Log },
): Promise<boolean> {
  try {
    await sender.send(repeated(delivery, queue));
    delivery.ack();
  } catch (error) {
    if (isForGood(error)) return false;
    log.warn({ err: error, queue }, 'a message could not be handed on and is given back');
    delivery.reject(true);
  }
  return true;
}
