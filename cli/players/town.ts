import { z } from 'zod';
import type { ApiClient } from './api-client.ts';
import { playDriver } from './driver.ts';
import type { PlayedPlatform, TownSize } from './played-platform.ts';
import { playRestaurant } from './restaurant.ts';
import { accountsOf } from './seeded-accounts.ts';

const Session = z.object({ token: z.string() });

/** How somebody logs in. */
export interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Everybody who takes part in a demo, logged in. */
export interface Town {
  readonly customers: readonly ApiClient[];
  /** The first customer's account and credentials, for people who want to try it themselves. */
  readonly visitor: Credentials & { readonly userId: string };
  /** Lets restaurants and drivers work until the signal is aborted; rejects when one of them cannot go on. */
  play(signal: AbortSignal): Promise<void>;
}

/** Seeds restaurants, menus and accounts on a running platform, and logs everybody in. */
export async function openTown(platform: PlayedPlatform, api: ApiClient, size: TownSize): Promise<Town> {
  const { output, password } = await platform.seed(size);
  const players = await mapInLanes(
    accountsOf(output),
    LOGIN_LANES,
    async ({ role, email, userId, restaurantId }) => {
      const session = await api.call('/auth/login', {
        method: 'POST',
        body: { email, password },
        answer: Session,
      });
      return { role, restaurantId, email, userId, api: api.as(session.token) };
    },
  );
  const customers = players.filter(({ role }) => role === 'customer');
  return {
    customers: customers.map((customer) => customer.api),
    visitor: { email: customers[0]?.email ?? '', userId: customers[0]?.userId ?? '', password },
    play: async (signal) => {
      const working = players.map(async ({ role, restaurantId, ...player }) => {
        if (role === 'driver') await playDriver(player.api, spot(), signal);
        if (restaurantId !== undefined) await playRestaurant(player.api, restaurantId, signal);
      });
      await Promise.all(working);
    },
  };
}

/** How many log in at once: hashing passwords is meant to be slow. */
const LOGIN_LANES = 4;

/** Does something for each of a list, for at most `lanes` of them at once. @returns the results in the list's order */
async function mapInLanes<T, R>(
  list: readonly T[],
  lanes: number,
  task: (each: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const waiting = list.entries();
  const lane = async () => {
    for (const [index, each] of waiting) results.set(index, await task(each));
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}

/** Somewhere in the middle of the town that the restaurants are in. */
function spot() {
  return { latitude: 52.53 + (Math.random() - 0.5) / 50, longitude: 13.4 + (Math.random() - 0.5) / 50 };
}
