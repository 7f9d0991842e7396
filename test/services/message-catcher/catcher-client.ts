import type {
  CaughtMessage,
  CaughtSummary,
} from '../../../workers/services/message-catcher/caught-messages.ts';

/** The messages a catcher holds; its tests check the shape. */
export async function readMessages(url: string, query = ''): Promise<readonly CaughtMessage[]> {
  const answer = await fetch(`${url}/messages?${query}`);
  return ((await answer.json()) as { messages: CaughtMessage[] }).messages;
}

export async function readSummary(url: string): Promise<CaughtSummary> {
  return (await fetch(`${url}/summary`)).json() as Promise<CaughtSummary>;
}
