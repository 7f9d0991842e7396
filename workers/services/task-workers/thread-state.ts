import type { Environment } from '../../platform/environment.ts';
import { openState, type State } from '../../state/state.ts';
import { createLogger } from '../../telemetry/log.ts';

/** Opens the state for the tasks of one thread. It ends with the thread: nothing of it outlives the connections. */
export async function openThreadState(
  service: string,
  config: Parameters<typeof openState>[0] & Pick<Environment, 'LOG_LEVEL'>,
): Promise<State> {
  return openState(config, createLogger({ service, level: config.LOG_LEVEL }));
}
