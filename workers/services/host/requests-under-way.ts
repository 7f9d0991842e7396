import { PlatformError } from '../../platform/errors.ts';
import { probePaths } from './probes.ts';
import type { App } from './service-module.ts';

/** The requests a server is answering, probes aside. */
export interface RequestsUnderWay {
  /** Refuses new requests from now on and resolves when the last one under way is answered. */
  drain(): Promise<void>;
}

/**
 * Follows the requests of a server, so that a stopping service can finish them while its probes and metrics are
 * still answered.
 */
export function followRequests(app: App): RequestsUnderWay {
  const underWay = new Set<object>();
  let draining = false;
  let onEmpty = () => {};
  app.addHook('onRequest', async (request, reply) => {
    if (probePaths.includes(request.routeOptions.url ?? '')) return;
    if (draining) {
      reply.header('connection', 'close');
      throw new PlatformError('SERVICE_UNAVAILABLE', 'The service is shutting down.');
    }
    underWay.add(request);
    // 'close' comes in every case, also when the client leaves in the middle.
    reply.raw.once('close', () => {
      underWay.delete(request);
      if (underWay.size === 0) onEmpty();
    });
  });
  return {
    drain: () => {
      draining = true;
      return new Promise((resolve) => {
        onEmpty = resolve;
        if (underWay.size === 0) resolve();
      });
    },
  };
}
