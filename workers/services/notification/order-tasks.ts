import {
  type ConnectedSender,
  connectSender,
  type SenderOptions,
} from '../../celery/client/connect-sender.ts';
import { encodeTask } from '../../celery/protocol/task-message.ts';
import { unlessAborted } from '../../messaging/pause.ts';
import { PlatformError } from '../../platform/errors.ts';
import { type Json, type TaskName, tasks } from '../../platform/tasks.ts';
import type { NotificationSubject } from '../order-flow/notify.ts';

/** A task that tells a customer about a step of an order. */
export interface OrderTask {
  readonly task: (typeof orderTaskNames)[number];
  readonly kwargs: Readonly<Record<string, Json>>;
  /** Names the intent: the same step of the same order is the same task, however often it is asked for. */
  readonly id: string;
}

/** Hands tasks to the broker. */
export interface OrderTasks {
  /**
   * Resolves once the broker has confirmed that the message is stored; while it is away the message is held.
   * @param signal stops waiting; the message may arrive all the same
   * @throws PlatformError PUBLISH_UNROUTABLE, PUBLISH_ABORTED or PUBLISHER_CLOSED
   */
  call(task: OrderTask, signal: AbortSignal): Promise<void>;
}

/** The tasks that there are for steps of an order. */
export const orderTaskNames = [
  'tasks.send_order_confirmation',
  'tasks.send_delivery_update',
] as const satisfies readonly TaskName[];

/** The task for a step of an order; undefined for a step that has none. */
export function taskAbout(orderId: string, about: NotificationSubject): OrderTask | undefined {
  const update = (status: 'driver_assigned' | 'picked_up' | 'delivered'): OrderTask => ({
    task: 'tasks.send_delivery_update',
    kwargs: { order_id: orderId, status },
    id: `send_delivery_update:${orderId}:${status}`,
  });
  switch (about) {
    case 'order_confirmed':
      return {
        task: 'tasks.send_order_confirmation',
        kwargs: { order_id: orderId },
        id: `send_order_confirmation:${orderId}`,
      };
    case 'driver_assigned':
      return update('driver_assigned');
    case 'order_picked_up':
      return update('picked_up');
    case 'order_delivered':
      return update('delivered');
    case 'payment_declined':
      return undefined;
  }
}

/** Calls tasks on a connection of its own. What is not confirmed when it is closed is asked for again by its message. */
export function connectOrderTasks(options: SenderOptions): OrderTasks & Pick<ConnectedSender, 'close'> {
  const { sender, origin, close } = connectSender({ closingMs: 0, ...options });
  return {
    call: async ({ task, kwargs, id }, signal) => {
      const message = encodeTask({ task, id, args: [], kwargs, queue: tasks[task].queue, origin });
      const sent = await unlessAborted(
        sender.send(message).then(() => true),
        signal,
      );
      if (sent === undefined) throw new PlatformError('PUBLISH_ABORTED');
    },
    close,
  };
}
