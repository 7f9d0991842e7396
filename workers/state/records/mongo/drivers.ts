import type { Location } from '../../../platform/order.ts';
import { checkStored } from '../../stored.ts';
import { Driver, type DriverStore } from '../drivers.ts';
import { type Box, boxAround, distanceKm } from './geo.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate } from './mongo-errors.ts';

/** A driver as it is stored; its state follows from these fields, so that it cannot disagree with them. */
interface DriverDocument extends Identified {
  readonly name: string;
  readonly onDuty: boolean;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly orderId: string | null;
}

/** Who delivers an order. */
interface DeliveryDocument extends Identified {
  readonly driverId: string;
  readonly released: boolean;
}

/**
 * Drivers in MongoDB. A driver is claimed by a change of its own document, which only one claim can make; the delivery is
 * recorded next. Where two processes claim drivers for one order, or one of them died in between, the recorded delivery
 * decides, and the other driver is let go.
 */
export function mongoDriverStore(database: MongoDatabase): DriverStore {
  const deliveryOf = (orderId: string) =>
    database.run<DeliveryDocument, DeliveryDocument | null>('deliveries', (deliveries) =>
      deliveries.findOne({ _id: orderId }),
    );

  async function find(driverId: string): Promise<Driver | undefined> {
    const document = await database.run<DriverDocument, DriverDocument | null>('drivers', (drivers) =>
      drivers.findOne({ _id: driverId }),
    );
    return document === null ? undefined : driverFrom(document);
  }

  const letGo = (driverId: string, orderId: string) =>
    database.run<DriverDocument, unknown>('drivers', (drivers) =>
      drivers.updateOne({ _id: driverId, orderId }, { $set: { orderId: null } }),
    );

  /** Takes a free driver for an order. @returns whether the order has this driver now, by this call or another one */
  async function take(driverId: string, orderId: string): Promise<boolean> {
    return database.run<DriverDocument, boolean>('drivers', async (drivers) => {
      const free = { _id: driverId, onDuty: true, orderId: null };
      const { matchedCount } = await drivers.updateOne(free, { $set: { orderId } });
      if (matchedCount === 1) return true;
      return (await drivers.findOne({ _id: driverId }))?.orderId === orderId;
    });
  }

  /** Records a delivery unless there is one. @returns the driver who has the order */
  async function settle(orderId: string, driverId: string): Promise<string> {
    try {
      await database.run<DeliveryDocument, unknown>('deliveries', (deliveries) =>
        deliveries.insertOne({ _id: orderId, driverId, released: false }),
      );
      return driverId;
    } catch (error) {
      const known = isDuplicate(error) ? await deliveryOf(orderId) : null;
      if (known === null) throw error;
      if (known.driverId !== driverId || known.released) await letGo(driverId, orderId);
      return known.driverId;
    }
  }

  /** The driver whom a process took for the order that died before it recorded the delivery. */
  const takenFor = async (orderId: string) =>
    (
      await database.run<DriverDocument, DriverDocument | null>('drivers', (drivers) =>
        drivers.findOne({ orderId }),
      )
    )?._id;

  async function freeNear(near: Location, radiusKm: number): Promise<readonly string[]> {
    const box: Box = boxAround(near, radiusKm);
    const found = await database.run<DriverDocument, DriverDocument[]>('drivers', (drivers) =>
      drivers.find({ onDuty: true, orderId: null, latitude: { $gte: box.south, $lte: box.north } }).toArray(),
    );
    return found
      .flatMap(({ _id, latitude, longitude }) =>
        latitude === null || longitude === null ? [] : { _id, km: distanceKm(near, { latitude, longitude }) },
      )
      .filter(({ km }) => km <= radiusKm)
      .sort((a, b) => a.km - b.km)
      .map(({ _id }) => _id);
  }

  async function claim(orderId: string, near: Location, radiusKm: number): Promise<string | undefined> {
    const known = (await deliveryOf(orderId))?.driverId;
    if (known !== undefined) return known;
    const taken = await takenFor(orderId);
    if (taken !== undefined) return settle(orderId, taken);
    for (const driverId of await freeNear(near, radiusKm)) {
      if (await take(driverId, orderId)) return settle(orderId, driverId);
    }
    // Others may have claimed a driver for this order while this one looked at drivers who were taken.
    return (await deliveryOf(orderId))?.driverId;
  }

  return {
    async register({ driverId, name }) {
      const document = { _id: driverId, name, onDuty: false, latitude: null, longitude: null, orderId: null };
      try {
        await database.run<DriverDocument, unknown>('drivers', (drivers) => drivers.insertOne(document));
      } catch (error) {
        if (!isDuplicate(error)) throw error;
      }
    },

    find,

    async report(driverId, { latitude, longitude }, onDuty) {
      const document = await database.run<DriverDocument, DriverDocument | null>('drivers', (drivers) =>
        drivers.findOneAndUpdate(
          { _id: driverId },
          { $set: { latitude, longitude, onDuty } },
          { returnDocument: 'after' },
        ),
      );
      return document === null ? undefined : driverFrom(document);
    },

    async claimNearest(orderId, near, radiusKm) {
      const driverId = await claim(orderId, near, radiusKm);
      return driverId === undefined ? undefined : find(driverId);
    },

    ofOrder: async (orderId) => (await deliveryOf(orderId))?.driverId,

    async release(orderId) {
      const delivery = await database.run<DeliveryDocument, DeliveryDocument | null>(
        'deliveries',
        (deliveries) => deliveries.findOneAndUpdate({ _id: orderId }, { $set: { released: true } }),
      );
      if (delivery !== null) await letGo(delivery.driverId, orderId);
    },

    async countOnDuty() {
      const [free, busy] = await database.run<DriverDocument, number[]>('drivers', (drivers) =>
        Promise.all([
          drivers.countDocuments({ onDuty: true, orderId: null }),
          drivers.countDocuments({ orderId: { $ne: null } }),
        ]),
      );
      return { free: free ?? 0, busy: busy ?? 0 };
    },
  };
}

function driverFrom({ _id, name, onDuty, latitude, longitude, orderId }: DriverDocument): Driver {
  return checkStored(Driver, `drivers/${_id}`, {
    driverId: _id,
    name,
    state: orderId !== null ? 'busy' : onDuty ? 'free' : 'off',
    ...((latitude !== null || longitude !== null) && { location: { latitude, longitude } }),
    ...(orderId !== null && { orderId }),
  });
}
