import type { Kwargs } from '../protocol/value.ts';
import type { RequestInfo } from './worker-view.ts';

/**
 * A request as `inspect` shows it (celery/worker/request.py, `Request.info`).
 * @param options.safe show arguments as texts rather than as they are
 */
export function requestDocument(
  { request, startedAt, acknowledged, pid }: RequestInfo,
  { hostname, safe }: { readonly hostname: string; readonly safe: boolean },
): Kwargs {
  const { exchange, routingKey, priority, redelivered } = request.delivery;
  return {
    id: request.id,
    name: request.task,
    args: safe ? request.argsRepr : request.args,
    kwargs: safe ? request.kwargsRepr : request.kwargs,
    type: request.task,
    hostname,
    time_start: startedAt ?? null,
    acknowledged,
    delivery_info: { exchange, routing_key: routingKey, priority, redelivered },
    worker_pid: pid ?? null,
  };
}
