import type { Commands } from '../command.ts';

/** The worker's end. It is not answered, as Python's workers do not. */
export const shutdown: Commands = {
  shutdown: ({ view, log }) => {
    log.warn({}, 'the worker is shut down by remote control');
    view.shutdown();
    return undefined;
  },
};
