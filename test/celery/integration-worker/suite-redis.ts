import { Redis } from 'ioredis';
import { backendUrl } from './addresses.ts';

let connection: Redis | undefined;

/**
 * The Redis that tasks of the suite write to and its tests read from: `REDIS_HOST` and `REDIS_PORT` as in the suite
 * itself, else the server of the result backend; always its first database. It is connected when a task needs it.
 */
export function suiteRedis(): Redis {
  connection ??= connect(process.env);
  return connection;
}

function connect({ REDIS_HOST, REDIS_PORT, TEST_BACKEND }: NodeJS.ProcessEnv): Redis {
  const url = new URL(backendUrl(TEST_BACKEND));
  url.pathname = '/0';
  if (REDIS_HOST !== undefined) url.hostname = REDIS_HOST;
  if (REDIS_PORT !== undefined) url.port = REDIS_PORT;
  return new Redis(url.href);
}

export async function closeSuiteRedis(): Promise<void> {
  await connection?.quit();
  connection = undefined;
}
