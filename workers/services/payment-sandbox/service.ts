import { z } from 'zod';
import { pageHeaders } from '../../html/page.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import type { Charge } from './charge.ts';
import { ChargeLedger } from './charge-ledger.ts';
import { Fault, FaultPlan } from './faults.ts';
import { ledgerPage } from './ledger-page.ts';
import { stripeRoutes } from './stripe-routes.ts';

/**
 * A stand-in for the payment provider: the part of Stripe's API the payment service uses, a ledger of every
 * charge at `/ledger`, and faults on demand at `/faults`.
 */
export const paymentSandbox: ServiceModule<SmartEats, 'payment-sandbox'> = {
  async routes(app, { config }) {
    const ledger = await ChargeLedger.open(config.SANDBOX_LEDGER_FILE);
    const faults = new FaultPlan();
    app.addHook('onClose', () => ledger.close());
    await stripeRoutes(app, ledger, faults);

    app.get('/', async (_request, reply) =>
      reply.headers(pageHeaders).send(ledgerPage(ledger, faults.planned)),
    );

    const query = z.strictObject({ orderId: z.string().optional() });
    app.get('/ledger', { schema: { querystring: query } }, async ({ query: { orderId } }) => ({
      charges: (orderId === undefined ? ledger.charges : ledger.ofOrder(orderId)).map(entry),
      totals: ledger.totals(),
    }));

    app.get('/faults', async () => ({ faults: faults.planned }));
    app.post('/faults', { schema: { body: Fault } }, async ({ body }, reply) => {
      faults.add(body);
      return reply.code(201).send({ faults: faults.planned });
    });
    app.delete('/faults', async (_request, reply) => {
      faults.clear();
      return reply.code(204).send();
    });
  },
};

function entry({ fingerprint: _, ...charge }: Charge): Omit<Charge, 'fingerprint'> {
  return charge;
}
