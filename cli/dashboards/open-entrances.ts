import type { Profile } from '../../charts/profile.ts';
import { freePort } from '../../local/ports.ts';
import { PlatformError } from '../../workers/platform/errors.ts';
import { brokerCredentials, brokerManagement } from '../cluster/cluster-broker.ts';
import type { Cluster } from '../cluster/connection.ts';
import { type Forward, openForward } from '../cluster/forward.ts';
import { findReadyPod, findService } from '../cluster/service-pods.ts';
import type { Entrance } from './entrances.ts';

/** An entrance that leads somewhere, or the reason why it does not. */
export interface Opened {
  readonly entrance: Entrance;
  readonly url?: string;
  /** E.g. that no pod is ready yet. */
  readonly note?: string;
  readonly close?: () => Promise<void>;
}

/**
 * Opens ports of this machine that lead to the entrances, the declared ones as far as they are free. An entrance
 * whose pods are not ready is opened too: it works as soon as they are.
 */
export async function openEntrances(
  cluster: Cluster,
  profile: Profile,
  entrances: readonly Entrance[],
): Promise<readonly Opened[]> {
  const opened: Opened[] = [];
  for (const entrance of entrances) opened.push(await open(cluster, profile, entrance));
  return opened;
}

async function open(cluster: Cluster, profile: Profile, entrance: Entrance): Promise<Opened> {
  const target = { namespace: profile.namespace, service: entrance.service, port: entrance.port };
  if ((await findService(cluster, target)) === undefined) {
    return { entrance, note: `not on this cluster` };
  }
  const forward: Forward = await openForward(cluster, target, await freePort(entrance.port));
  return {
    entrance,
    url: `${forward.url}${entrance.path ?? '/'}`,
    ...(await noteOn(cluster, target)),
    close: () => forward.close(),
  };
}

async function noteOn(
  cluster: Cluster,
  target: { readonly namespace: string; readonly service: string; readonly port: number },
): Promise<{ readonly note?: string }> {
  try {
    await findReadyPod(cluster, target);
    return {};
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { note: error.message };
  }
}

/** Who to log in as at an entrance; the password only where it is well known anyway. */
export async function loginText(
  cluster: Cluster,
  profile: Profile,
  { login, service }: Entrance,
): Promise<string> {
  if (login === undefined) return '';
  if (!profile.sandbox) return `(${login.user}; the password is in Secret ${service})`;
  if (service === brokerManagement.service) {
    const { user, password } = await brokerCredentials(cluster, profile.namespace);
    return `(${user}, ${password})`;
  }
  const { data } = await cluster.core.readNamespacedSecret({ namespace: profile.namespace, name: service });
  const value = Buffer.from(data?.[login.key] ?? '', 'base64').toString('utf8');
  // Flower keeps user and password in one.
  return `(${login.user}, ${value.startsWith(`${login.user}:`) ? value.slice(login.user.length + 1) : value})`;
}
