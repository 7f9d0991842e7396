import { setTimeout as delay } from 'node:timers/promises';
import type { LocalStack, StackServer } from '../../local/local-stack.ts';
import { pause } from '../../workers/messaging/pause.ts';
import type { Random } from '../harness/random.ts';

/** One thing that goes wrong, with what it took; the words are a test's own report. */
interface Mishap {
  readonly what: string;
  happen(): Promise<void>;
}

/** What is done to a platform, one mishap after another, until the signal aborts. */
export interface ChaosOptions {
  readonly stack: LocalStack;
  /** The services that may die or freeze. */
  readonly victims: readonly string[];
  readonly random: Random;
  readonly signal: AbortSignal;
  readonly onMishap: (what: string) => void;
}

/** The longest time between two mishaps, in milliseconds. */
const longestPeaceMs = 2_500;

/**
 * Lets things go wrong on a platform in an order and at times that follow from the seed: services are killed,
 * stopped or frozen, Redis and RabbitMQ are killed and stay away for a while, the broker closes every connection.
 * @returns when the signal has aborted and everything runs again
 */
export async function unleashChaos({ random, signal, onMishap, ...target }: ChaosOptions): Promise<void> {
  while (!signal.aborted) {
    await pause(random.next() * longestPeaceMs, signal);
    if (signal.aborted) return;
    const { what, happen } = nextMishap(target, random);
    onMishap(what);
    await happen();
  }
}

function nextMishap({ stack, victims }: Pick<ChaosOptions, 'stack' | 'victims'>, random: Random): Mishap {
  const victim = stack.service(random.pick(victims));
  const ms = Math.round(200 + random.next() * 3_000);
  switch (random.below(10)) {
    case 0:
      return outage(stack.rabbitmq, ms);
    case 1:
      return outage(stack.redis, ms);
    case 2:
      return { what: 'every connection to the broker is closed', happen: () => closeConnections(stack) };
    case 3:
    case 4:
    case 5:
      return {
        what: `${victim.name} is frozen for ${ms} ms`,
        happen: async () => {
          victim.kill('SIGSTOP');
          await delay(ms);
          victim.kill('SIGCONT');
        },
      };
    case 6:
      return { what: `${victim.name} is asked to end`, happen: async () => victim.kill('SIGTERM') };
    default:
      return { what: `${victim.name} is killed`, happen: async () => victim.kill('SIGKILL') };
  }
}

function outage(server: StackServer, ms: number): Mishap {
  return {
    what: `${server.name} is killed and away for ${ms} ms`,
    happen: async () => {
      await server.takeDown();
      await delay(ms);
      await server.start();
    },
  };
}

async function closeConnections({ management: { url, user, password } }: LocalStack): Promise<void> {
  const headers = { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
  const listed: unknown = await (await fetch(`${url}/api/connections`, { headers })).json();
  const names = Array.isArray(listed) ? listed.map((each: { readonly name: string }) => each.name) : [];
  await Promise.all(
    names.map((name) =>
      fetch(`${url}/api/connections/${encodeURIComponent(name)}`, { method: 'DELETE', headers }),
    ),
  );
}
