import { brokerTarget, type ConnectionOptions } from '../../messaging/connection-options.ts';
import type { Log } from '../../messaging/log.ts';
import { RedisConnection, type StateLog } from '../../state/redis-connection.ts';
import type { RedisAddress } from '../../state/redis-options.ts';
import { RedisResultBackend } from '../results/redis-result-backend.ts';
import { ResultReader } from '../results/result-reader.ts';
import type { Declarations } from './celery-client.ts';
import { type ConnectedClient, connectCeleryClient } from './connect-client.ts';

/**
 * Makes a client with all that it needs, for programs that do nothing but call tasks: a connection to the broker and
 * two to Redis, which its `close` closes.
 * @throws PlatformError CONFIG_INVALID for an address that cannot be read; nothing is open then
 */
export function openCeleryClient<Tasks extends Declarations>(options: {
  readonly broker: ConnectionOptions;
  readonly results: RedisAddress;
  readonly tasks: Tasks;
  /** Who calls, for people. */
  readonly name: string;
  readonly log: Log & StateLog;
}): ConnectedClient<Tasks> {
  const { broker: connection, results, tasks, name, log } = options;
  // Read first: what is opened before it would stay open.
  brokerTarget(connection);
  const redis = new RedisConnection(results, log);
  const backend = new RedisResultBackend(redis);
  const reader = new ResultReader(backend, results, log);
  const { client, close } = connectCeleryClient({ connection, backend, reader, tasks, name, log });
  return {
    client,
    close: async (deadlineMs) => {
      await close(deadlineMs);
      await reader.close();
      await redis.close();
    },
  };
}
