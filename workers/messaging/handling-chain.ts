import { type Brake, heed } from './brake.ts';
import type { Delivery, Handle, Layer } from './delivery.ts';
import type { InFlight } from './in-flight.ts';
import { assignId } from './layers/assign-id.ts';
import { decode } from './layers/decode.ts';
import { deduplicate } from './layers/deduplicate.ts';
import { limitAttempts, limitDeliveries } from './layers/limit-attempts.ts';
import { observe } from './layers/observe.ts';
import { record } from './layers/record.ts';
import { runHandler } from './layers/run-handler.ts';
import { type SettleOptions, settle, type Take } from './layers/settle.ts';
import { limitTime } from './layers/time-limit.ts';
import { validate } from './layers/validate.ts';

/** Wraps a handle in layers; the first is the outermost. */
function compose(layers: readonly Layer[], innermost: Handle): Handle {
  return layers.reduceRight((handle, layer) => layer(handle), innermost);
}

/** What a queue's deliveries pass through, from arrival to acknowledgement. */
export function handlingChain(
  handler: (payload: unknown, delivery: Delivery) => Promise<void>,
  options: SettleOptions & { readonly inFlight: InFlight; readonly brake: Brake },
): Take {
  const { queue, ledger, events, log, inFlight, brake } = options;
  const layers = [
    observe(events, log),
    heed(brake),
    limitDeliveries(queue.deliveryLimit),
    limitAttempts(queue.retry),
    decode(queue.maxPayloadBytes),
    validate(queue.payload),
    deduplicate(ledger),
    limitTime(queue.handlerTimeoutMs, inFlight),
    record(ledger),
  ];
  return assignId(options)(settle(options)(compose(layers, runHandler(handler))));
}
