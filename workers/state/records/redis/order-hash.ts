import { z } from 'zod';
import { checkStored, parseStored } from '../../stored.ts';
import { OrderRecord } from '../orders.ts';

/** The fields of an order's hash that stay as they are in the record. */
export const factFields = ['chargeId', 'declineReason', 'driverId'] as const;

const statusPrefix = 'at:';

/** `<sequence>:<ms since 1970>` of a status the order had. */
const Moment = z
  .string()
  .regex(/^\d+:\d+$/)
  .transform((text) => {
    const [sequence = 0, ms = 0] = text.split(':').map(Number);
    return { sequence, at: new Date(ms).toISOString() };
  });

const PlacedJson = z.looseObject({});

/**
 * Puts an order together from its hash (see scripts/record-order.ts for the fields).
 * @throws PlatformError RECORD_CORRUPT naming the key
 */
export function orderFromHash(key: string, hash: Readonly<Record<string, string>>): OrderRecord {
  const history = Object.entries(hash)
    .filter(([field]) => field.startsWith(statusPrefix))
    .map(([field, text]) => ({
      status: field.slice(statusPrefix.length),
      ...checkStored(Moment, `${key} ${field}`, text),
    }))
    .sort((a, b) => a.sequence - b.sequence)
    .map(({ status, at }) => ({ status, at }));
  return checkStored(OrderRecord, key, {
    ...parseStored(PlacedJson, key, hash['placed'] ?? ''),
    status: hash['status'],
    sequence: Number(hash['sequence']),
    history,
    ...Object.fromEntries(factFields.filter((field) => field in hash).map((field) => [field, hash[field]])),
  });
}
