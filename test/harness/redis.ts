import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RedisServer } from '../../local/servers/redis.ts';

/** A redis-server of the test's own, which `remove` ends together with its data. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Starts the server again on the same port, with the data it stored. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Ends the server as a crash would. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

/** Starts a redis-server on a free port with its own data directory. */
export async function startTestRedis(): Promise<TestRedis> {
  const directory = mkdtempSync(join(tmpdir(), 'smarteats-test-redis-'));
  const server = await RedisServer.create({ directory });
  await server.start();
  return {
    url: server.url,
    port: server.port,
    start: () => server.start(),
    stop: () => server.stop(),
    kill: () => server.kill(),
    remove: async () => {
      await server.kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
