import type { ResultBackend } from '../results/result-backend.ts';
import type { ResultSource } from './async-result.ts';
import { CeleryClient, type Declarations } from './celery-client.ts';
import { connectSender, type SenderOptions } from './connect-sender.ts';

/** A client with a connection of its own. */
export interface ConnectedClient<Tasks extends Declarations> {
  readonly client: CeleryClient<Tasks>;
  /**
   * Waits for messages that are not confirmed yet, then disconnects. Results belong to whoever made their store.
   * @param deadlineMs how long to wait for them @default as the options say
   */
  close(deadlineMs?: number): Promise<void>;
}

/** Makes a client that publishes on a connection of its own. */
export function connectCeleryClient<Tasks extends Declarations>(
  options: SenderOptions & {
    readonly backend: ResultBackend;
    readonly reader: ResultSource['reader'];
    /** The tasks that can be called by their declarations; others can be sent as signatures. */
    readonly tasks: Tasks;
  },
): ConnectedClient<Tasks> {
  const { backend, reader, tasks } = options;
  const { sender, origin, close } = connectSender(options);
  const route = (task: string) => tasks[task]?.queue ?? 'celery';
  return {
    client: new CeleryClient({
      tasks,
      deps: { sender, backend, route, origin },
      source: { backend, reader },
    }),
    close,
  };
}
