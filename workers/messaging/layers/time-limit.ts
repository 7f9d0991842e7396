import { setMaxListeners } from 'node:events';
import { PlatformError } from '../../platform/errors.ts';
import type { Layer, Outcome } from '../delivery.ts';
import type { InFlight } from '../in-flight.ts';

/**
 * Ends an attempt after its time limit: its signal is aborted, and the message is tried again.
 * Work that does not heed the signal goes on beside that and stays among those in flight, so that liveness sees it;
 * what it does in the end counts, should it come to a good end before the next attempt.
 */
export function limitTime(limitMs: number, inFlight: InFlight): Layer {
  return (next) => async (delivery) => {
    const controller = new AbortController();
    // A handler may well wait for more than ten things at once.
    setMaxListeners(0, controller.signal);
    const abort = () => controller.abort(delivery.signal.reason);
    delivery.signal.addEventListener('abort', abort);
    if (delivery.signal.aborted) abort();

    const leave = inFlight.enter(delivery.signal);
    const work = next({ ...delivery, signal: controller.signal }).finally(leave);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<Outcome>((resolve) => {
      timer = setTimeout(() => {
        const error = new PlatformError('MESSAGE_HANDLER_TIMEOUT', `no result within ${limitMs} ms`);
        resolve({ kind: 'retry', error });
        controller.abort(error);
      }, limitMs);
    });
    try {
      return await Promise.race([work, late]);
    } finally {
      clearTimeout(timer);
      delivery.signal.removeEventListener('abort', abort);
    }
  };
}
