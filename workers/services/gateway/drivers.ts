import { z } from 'zod';
import { PlatformError } from '../../platform/errors.ts';
import { Identifier, Location, type OrderStatus } from '../../platform/order.ts';
import { DeliveryEvent } from '../../platform/payloads.ts';
import type { SmartEats } from '../../platform/platform.ts';
import { Driver } from '../../state/records/drivers.ts';
import type { App, ServiceDeps } from '../host/service-module.ts';
import { bodyErrors, callerErrors, failures } from './api-errors.ts';
import type { Callers } from './callers.ts';
import { readOrderOfDriver } from './order-access.ts';
import { publishConfirmed } from './publishing.ts';
import { StepTaken } from './step-taken.ts';

type Deps = ServiceDeps<SmartEats, 'api-gateway'>;

const tags = ['Drivers'];

/** The status an order must have for each thing a driver can report. */
const statusBefore = {
  picked_up: 'driver_assigned',
  delivered: 'picked_up',
} as const satisfies Record<string, OrderStatus>;

const Report = Location.extend({
  name: Driver.shape.name.optional().describe('Shown to nobody but the operator; the account has one too'),
  onDuty: z.boolean().describe('Whether orders may be assigned'),
});

/** What drivers tell the platform, and what it tells them. */
export function addDriverRoutes(app: App, { state, publisher }: Deps, callers: Callers): void {
  app.put(
    '/drivers/me',
    {
      onRequest: callers.only('driver'),
      schema: {
        summary: 'Say where you are and whether you work',
        tags,
        security: callers.security,
        body: Report,
        response: { 200: Driver, ...failures(...bodyErrors, ...callerErrors) },
      },
    },
    async (request) => {
      const { name, onDuty, latitude, longitude } = request.body;
      const { driverId } = await registeredDriver(state, callers.of(request).userId, name);
      const driver = await state.stores.drivers.report(driverId, { latitude, longitude }, onDuty);
      if (driver === undefined) throw new PlatformError('AUTH_SESSION_INVALID');
      return driver;
    },
  );

  app.get(
    '/drivers/me',
    {
      onRequest: callers.only('driver'),
      schema: {
        summary: 'Read your state and the order assigned to you',
        tags,
        security: callers.security,
        response: { 200: Driver, ...failures(...callerErrors) },
      },
    },
    async (request) => registeredDriver(state, callers.of(request).userId),
  );

  app.post(
    '/deliveries/:orderId/events',
    {
      onRequest: callers.only('driver'),
      schema: {
        summary: 'Say that you picked an order up or delivered it',
        tags,
        security: callers.security,
        params: z.object({ orderId: Identifier }),
        body: DeliveryEvent.pick({ event: true }),
        response: {
          200: StepTaken.describe('This was said before'),
          202: StepTaken.describe('The event is stored'),
          ...failures(...bodyErrors, ...callerErrors, 'ORDER_UNKNOWN', 'ORDER_STATUS_CONFLICT'),
        },
      },
    },
    async (request, reply) => {
      const driverId = callers.of(request).userId;
      const { orderId } = request.params;
      const { event } = request.body;
      const { status, history } = await readOrderOfDriver(state, orderId, driverId);
      if (history.some((step) => step.status === event)) return { orderId, status };
      if (status !== statusBefore[event]) {
        throw new PlatformError('ORDER_STATUS_CONFLICT', undefined, { details: { status } });
      }
      const occurredAt = new Date().toISOString();
      const message = { orderId, driverId, event, occurredAt };
      await publishConfirmed(publisher, 'delivery_event', message, `delivery_event:${orderId}:${event}`);
      return reply.code(202).send({ orderId, status });
    },
  );
}

/** The driver of an account; it comes into being when its account first speaks as one. */
async function registeredDriver({ stores }: Deps['state'], userId: string, name?: string): Promise<Driver> {
  const known = await stores.drivers.find(userId);
  if (known !== undefined) return known;
  const account = await stores.users.find(userId);
  // The session outlived its account.
  if (account === undefined) throw new PlatformError('AUTH_SESSION_INVALID');
  const driver = { driverId: userId, name: name ?? account.name };
  await stores.drivers.register(driver);
  return (await stores.drivers.find(userId)) ?? { ...driver, state: 'off' };
}
