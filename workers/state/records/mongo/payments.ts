import { checkStored } from '../../stored.ts';
import { PaymentRecord, type PaymentStore } from '../payments.ts';
import type { Identified, MongoDatabase } from './mongo-database.ts';
import { isDuplicate } from './mongo-errors.ts';

interface PaymentDocument extends Identified {
  readonly payment: PaymentRecord;
}

/** What became of charges, in MongoDB: a document for each order. */
export function mongoPaymentStore(database: MongoDatabase): PaymentStore {
  async function find(orderId: string): Promise<PaymentRecord | undefined> {
    const document = await database.run<PaymentDocument, PaymentDocument | null>('payments', (payments) =>
      payments.findOne({ _id: orderId }),
    );
    return document === null
      ? undefined
      : checkStored(PaymentRecord, `payments/${orderId}`, document.payment);
  }

  return {
    find,

    async record(orderId, payment) {
      try {
        await database.run<PaymentDocument, unknown>('payments', (payments) =>
          payments.insertOne({ _id: orderId, payment }),
        );
        return payment;
      } catch (error) {
        if (!isDuplicate(error)) throw error;
        return (await find(orderId)) ?? payment;
      }
    },
  };
}
