import { z } from 'zod';
import { smartEats } from '../../workers/platform/platform.ts';
import { deadLetterQueueOf, retryStepName } from '../../workers/platform/topology.ts';
import type { PlayedPlatform } from '../players/played-platform.ts';
import type { Charges, MessageAccounts } from './accounts.ts';
import { parseSamples, type Sample, sumOf } from './prometheus-text.ts';

const Queues = z.array(z.object({ name: z.string(), messages: z.int() }));
const Ledger = z.object({ charges: z.array(z.object({ orderId: z.string(), status: z.string() })) });

/** Reads the accounts of all messages: from the services' metrics, and from the broker what lies in its queues. */
export async function collectMessages(platform: PlayedPlatform): Promise<MessageAccounts> {
  const [samples, queues] = await Promise.all([scrapeAll(platform), readQueues(platform)]);
  const work = [
    ...Object.keys(smartEats.queues),
    ...smartEats.retryDelaysMs.map(retryStepName),
    ...Object.keys(smartEats.taskQueues),
  ];
  const deadTasks = Object.keys(smartEats.taskQueues).map(deadLetterQueueOf);
  const lying = (select: (name: string) => boolean) =>
    queues.filter(({ name }) => select(name)).reduce((sum, { messages }) => sum + messages, 0);
  const accounted = (state: string) => sumOf(samples, 'messages_accounted', { state });
  const settled = (outcome: string) => sumOf(samples, 'messages_handled_total', { outcome });
  return {
    published: accounted('published'),
    done: accounted('done'),
    dropped: accounted('dropped'),
    dead: lying((name) => name.endsWith('.dead') && !deadTasks.includes(name)),
    tasksDead: lying((name) => deadTasks.includes(name)),
    inFlight: lying((name) => work.includes(name)),
    retried: settled('retry') + settled('postpone'),
    duplicates: settled('duplicate'),
  };
}

/** Reads from the payment sandbox what was really charged. */
export async function collectCharges(platform: PlayedPlatform): Promise<Charges> {
  const answer = await fetch(`${platform.urls['payment-sandbox']}/ledger`);
  const { charges } = Ledger.parse(await answer.json());
  return { orderIds: charges.filter(({ status }) => status === 'succeeded').map(({ orderId }) => orderId) };
}

async function scrapeAll(platform: PlayedPlatform): Promise<readonly Sample[]> {
  const pages = Object.values(platform.urls).map(async (url) => {
    const answer = await fetch(`${url}/metrics`);
    return parseSamples(await answer.text());
  });
  return (await Promise.all(pages)).flat();
}

async function readQueues({ management }: PlayedPlatform): Promise<z.infer<typeof Queues>> {
  const credentials = Buffer.from(`${management.user}:${management.password}`).toString('base64');
  // Totals counted now, rather than those of the last statistics, which are some seconds old.
  const answer = await fetch(`${management.url}/api/queues/%2F?disable_stats=true&enable_queue_totals=true`, {
    headers: { authorization: `Basic ${credentials}` },
  });
  return Queues.parse(await answer.json());
}
