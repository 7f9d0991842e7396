import type { FastifyReply } from 'fastify';
import { isFinal, type OrderStatus } from '../../platform/order.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceDeps } from '../host/service-module.ts';
import { type EventStream, streamEvents } from './event-stream.ts';
import type { OrderView } from './order-view.ts';

type Deps = Pick<ServiceDeps<SmartEats, 'api-gateway'>, 'state' | 'stopping'>;

/** One step on an order's way; it has the shape of the platform's own announcement, and `accepted` before that. */
interface OrderStep {
  readonly orderId: string;
  readonly userId: string;
  readonly restaurantId: string;
  readonly status: OrderView['status'];
  readonly sequence: number;
  readonly occurredAt: string;
}

/**
 * Streams what becomes of an order: its status now (or every one since the last event the client saw), then each
 * change. The stream ends after a final status. A client that saw that one already gets 204, which tells it not to
 * connect again (WHATWG HTML, "Server-sent events").
 *
 * @param lastSeen the id of the last event the client saw
 */
export async function streamOrder(
  reply: FastifyReply,
  { state, stopping }: Deps,
  order: OrderView,
  lastSeen: number | undefined,
): Promise<FastifyReply> {
  if (lastSeen !== undefined && lastSeen >= order.sequence && isOver(order.status)) {
    return reply.code(204).send();
  }
  return streamEvents(reply, stopping, async (stream) => {
    const steps = stepsOf(order);
    const first =
      lastSeen === undefined ? steps.slice(-1) : steps.filter(({ sequence }) => sequence > lastSeen);
    const send = sendInOrder(stream, lastSeen ?? -1);
    for (const step of first) send(step);
    return isOver(order.status) ? async () => {} : state.orderStatus.watch(order.orderId, send);
  });
}

/** Sends steps whose sequence is above the last one's: the record can be ahead of the announcement. */
function sendInOrder(stream: EventStream, lastSeen: number): (step: OrderStep) => void {
  let last = lastSeen;
  return (step) => {
    if (step.sequence <= last) return;
    last = step.sequence;
    stream.send({ id: String(step.sequence), data: step });
    if (isOver(step.status)) stream.end();
  };
}

function stepsOf({ orderId, userId, restaurantId, placedAt, history }: OrderView): readonly OrderStep[] {
  const order = { orderId, userId, restaurantId };
  if (history.length === 0) return [{ ...order, status: 'accepted', sequence: 0, occurredAt: placedAt }];
  return history.map(({ status, at }, index) => ({ ...order, status, sequence: index + 1, occurredAt: at }));
}

function isOver(status: OrderView['status']): boolean {
  return status !== 'accepted' && isFinal(status satisfies OrderStatus);
}
