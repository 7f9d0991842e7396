import type { TestVhost } from '../harness/broker.ts';
import { eventually } from '../harness/eventually.ts';

interface ListedConnection {
  readonly name: string;
  readonly vhost: string;
  readonly client_properties: { readonly connection_name?: string };
}

/** Closes, as an operator would, every connection of a virtual host that has the given name. */
export async function closeConnections(vhost: TestVhost, name: string): Promise<void> {
  // The management plugin learns of connections only every few seconds.
  const found = await eventually(async () => {
    const all = await vhost.json<readonly ListedConnection[]>(`vhosts/${vhost.vhost}/connections`);
    const wanted = all.filter(({ client_properties: properties }) => properties.connection_name === name);
    if (wanted.length === 0) throw new Error(`no connection named ${name} is listed`);
    return wanted;
  });
  for (const connection of found) {
    await vhost.api(`connections/${encodeURIComponent(connection.name)}`, { method: 'DELETE' });
  }
}
