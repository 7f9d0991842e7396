import type { Location } from '../../../platform/order.ts';
import { redisKey } from '../../../platform/redis-keys.ts';
import type { RedisConnection } from '../../redis-connection.ts';
import { claimNearestDriver } from '../../scripts/claim-nearest-driver.ts';
import { type DriverReply, readDriver } from '../../scripts/read-driver.ts';
import { releaseDriver } from '../../scripts/release-driver.ts';
import { reportDriver } from '../../scripts/report-driver.ts';
import { checkStored, recordCorrupt } from '../../stored.ts';
import { Driver, type DriverStore } from '../drivers.ts';

/**
 * Drivers in Redis: a hash for each, a geo index of those that are free and a hash of those that are busy.
 * The state of a driver is where it is found, so that no two keys can disagree about it.
 */
export function redisDriverStore(connection: RedisConnection): DriverStore {
  const keyOf = (driverId: string) => redisKey('driver', { driverId });
  const free = redisKey('freeDrivers', {});
  const busy = redisKey('busyDrivers', {});
  const keysOf = (driverId: string) => [keyOf(driverId), free, busy];
  const deliveryOf = (orderId: string) => redisKey('delivery', { orderId });

  async function find(driverId: string): Promise<Driver | undefined> {
    const reply = await connection.script(readDriver, keysOf(driverId), [driverId]);
    return driverFrom(keyOf(driverId), driverId, reply);
  }

  return {
    async register({ driverId, name }) {
      await connection.run((redis) => redis.hsetnx(keyOf(driverId), 'name', name));
    },

    find,

    async report(driverId, at, onDuty) {
      const args = [driverId, at.latitude, at.longitude, onDuty ? 1 : 0];
      const reply = await connection.script(reportDriver, keysOf(driverId), args);
      return driverFrom(keyOf(driverId), driverId, reply);
    },

    async claimNearest(orderId, near, radiusKm) {
      const keys = [deliveryOf(orderId), free, busy];
      const args = [orderId, near.latitude, near.longitude, radiusKm];
      const driverId = await connection.script(claimNearestDriver, keys, args);
      if (driverId === null) return undefined;
      const driver = await find(driverId);
      if (driver === undefined) throw recordCorrupt(deliveryOf(orderId), `driver ${driverId} does not exist`);
      return driver;
    },

    async ofOrder(orderId) {
      return (await connection.run((redis) => redis.get(deliveryOf(orderId)))) ?? undefined;
    },

    async release(orderId) {
      // The driver of an order never changes; its keys must be named before the script runs.
      const driverId = await connection.run((redis) => redis.get(deliveryOf(orderId)));
      if (driverId === null) return;
      await connection.script(releaseDriver, keysOf(driverId), [driverId, orderId]);
    },

    async countOnDuty() {
      const counts = await connection.run((redis) => Promise.all([redis.zcard(free), redis.hlen(busy)]));
      return { free: counts[0], busy: counts[1] };
    },
  };
}

function driverFrom(key: string, driverId: string, [hash, isFree, orderId]: DriverReply): Driver | undefined {
  if (Object.keys(hash).length === 0) return undefined;
  const state = orderId === '' ? (isFree === 1 ? 'free' : 'off') : 'busy';
  return checkStored(Driver, key, {
    driverId,
    name: hash['name'],
    state,
    ...locationFrom(hash),
    ...(orderId !== '' && { orderId }),
  });
}

function locationFrom(hash: Readonly<Record<string, string>>): { readonly location?: Location } {
  const { latitude, longitude } = hash;
  if (latitude === undefined && longitude === undefined) return {};
  return { location: { latitude: Number(latitude), longitude: Number(longitude) } };
}
