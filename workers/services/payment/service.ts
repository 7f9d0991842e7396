import type { SmartEats } from '../../platform/platform.ts';
import type { ServiceModule } from '../host/service-module.ts';
import { paymentHandlers } from './payment-handlers.ts';
import { createStripeProvider } from './stripe-provider.ts';

/** Charges each order once. */
export const paymentService: ServiceModule<SmartEats, 'payment-service'> = {
  handlers: ({ config, state, publisher, metrics, log }) =>
    paymentHandlers({
      payments: state.stores.payments,
      provider: createStripeProvider({
        secretKey: config.STRIPE_SECRET_KEY,
        apiUrl: config.PAYMENT_API_URL,
        log,
      }),
      publisher,
      metrics,
    }),
};
