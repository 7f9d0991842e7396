import { z } from 'zod';
import { Identifier, Location } from '../../platform/order.ts';

export const Driver = z.strictObject({
  driverId: Identifier,
  name: z.string().min(1).max(200),
  /** `off`: not working; `free`: can be assigned; `busy`: delivers an order. */
  state: z.enum(['off', 'free', 'busy']),
  location: Location.optional(),
  /** The order a busy driver delivers. */
  orderId: z.string().optional(),
});
export type Driver = z.infer<typeof Driver>;

export interface DriverStore {
  /** Adds a driver, off duty; an existing driver stays as it is. */
  register(driver: Pick<Driver, 'driverId' | 'name'>): Promise<void>;
  find(driverId: string): Promise<Driver | undefined>;
  /**
   * A driver says where it is and whether it works. A busy driver stays busy until its order is delivered.
   * @returns the driver after the change, or `undefined` where there is none
   */
  report(driverId: string, at: Location, onDuty: boolean): Promise<Driver | undefined>;
  /**
   * Claims the nearest free driver for an order in one atomic step. An order that has a driver keeps it.
   * @returns `undefined` when no free driver is within the radius
   */
  claimNearest(orderId: string, near: Location, radiusKm: number): Promise<Driver | undefined>;
  /** The driver who was assigned to an order, also after its delivery. */
  ofOrder(orderId: string): Promise<string | undefined>;
  /** Frees the driver of a delivered order; a second call changes nothing. */
  release(orderId: string): Promise<void>;
  /** How many drivers are on duty, by whether they can be assigned now. */
  countOnDuty(): Promise<{ readonly free: number; readonly busy: number }>;
}
