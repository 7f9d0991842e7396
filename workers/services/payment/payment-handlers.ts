import type { Delivery } from '../../messaging/delivery.ts';
import type { HandlersOf } from '../../messaging/handlers.ts';
import type { Publisher } from '../../messaging/publishing.ts';
import type { SmartEats } from '../../platform/platform.ts';
import type { PaymentRecord, PaymentStore } from '../../state/records/payments.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { PaymentProvider, PaymentRequest } from './payment-provider.ts';

export interface PaymentDeps {
  readonly payments: PaymentStore;
  readonly provider: PaymentProvider;
  readonly publisher: Publisher<SmartEats>;
  readonly metrics: Pick<Metrics, 'count'>;
}

/** Charges each order once and says what became of it, however often it is asked. */
export function paymentHandlers(deps: PaymentDeps): HandlersOf<SmartEats, 'payment-service'> {
  for (const outcome of ['paid', 'declined', 'failed']) deps.metrics.count('payments_total', { outcome }, 0);
  return {
    payment_process: async ({ orderId, amount, paymentMethod }, delivery) => {
      const payment =
        (await deps.payments.find(orderId)) ??
        (await charge({ orderId, amount, paymentMethod }, delivery, deps));
      await deps.publisher.publish(
        'payment_complete',
        { ...payment, orderId },
        { messageId: `payment_complete:${orderId}`, signal: delivery.signal },
      );
    },
  };
}

async function charge(
  request: PaymentRequest,
  { publishedAt }: Delivery,
  { provider, payments, metrics }: PaymentDeps,
): Promise<PaymentRecord> {
  // An old message may have been tried before the provider forgot about it: a dead letter that was replayed.
  const isOld = publishedAt !== undefined && Date.now() - publishedAt.getTime() > provider.remembersForMs;
  const ask = async () => {
    const earlier = isOld ? await provider.findCharge(request.orderId) : undefined;
    return earlier ?? (await provider.charge(request));
  };
  const answer = await ask().catch((error: unknown) => {
    metrics.count('payments_total', { outcome: 'failed' });
    throw error;
  });
  const payment = await payments.record(request.orderId, answer);
  metrics.count('payments_total', { outcome: payment.outcome });
  return payment;
}
