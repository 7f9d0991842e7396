import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalStack } from '../../local/local-stack.ts';
import { type PlayedPlatform, sizeArguments } from './played-platform.ts';

/** The platform of a local stack. */
export function playedStack(stack: LocalStack): PlayedPlatform {
  return {
    urls: stack.urls,
    management: stack.management,
    celery: { broker: stack.amqpUrl, results: stack.redisUrl },
    seed: async (size) => {
      const password = await passwordOf(stack.directory);
      const seed = ['seed', ...sizeArguments(size), '--password', password];
      return { output: await stack.runOnce(seed, 'auth-service'), password };
    },
  };
}

/** The password of all accounts of a run; it stays with the run's data, which may be kept for another run. */
async function passwordOf(directory: string): Promise<string> {
  const file = join(directory, 'accounts-password');
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const password = randomBytes(8).toString('hex');
  await writeFile(file, password, { mode: 0o600 });
  return password;
}
