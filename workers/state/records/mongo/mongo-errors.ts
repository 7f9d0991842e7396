import { types } from 'node:util';
import {
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { PlatformError } from '../../../platform/errors.ts';

/** Labels of errors that the servers themselves call passing (MongoDB's specification of retryable writes). */
const passingLabels = [
  'RetryableWriteError',
  'TransientTransactionError',
  'NetworkError',
  'ResetPool',
] as const;
const passingClasses = [
  MongoNetworkError,
  MongoNotConnectedError,
  MongoOperationTimeoutError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
] as const;

const lostConnection: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ETIMEDOUT']);

const duplicateKey = 11_000;
const notImplemented = 238;

/** Whether a document was refused because there is one with this id or another unique value. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/**
 * Repeats an operation that inserts where there is nothing to update: of two that do so at once, the servers may refuse
 * one, which then finds the document of the other (MongoDB's manual, "Upsert with Duplicate Values").
 */
export async function upserting<Result>(operation: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await operation();
    } catch (error) {
      if (!isDuplicate(error) || attempt === 5) throw error;
    }
  }
}

/** Whether a server does not know what it was asked for. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === notImplemented;
}

/** The error a caller sees: STATE_UNAVAILABLE for a server that is away, anything else as it is. */
export function asMongoStateError(error: unknown): unknown {
  // An error of Node may come from another realm than this module, so instanceof would not do.
  if (!types.isNativeError(error)) return error;
  const passes =
    // An error of the operating system that the driver passes on, such as EPIPE.
    ('code' in error && typeof error.code === 'string' && lostConnection.has(error.code)) ||
    passingClasses.some((each) => error instanceof each) ||
    (error instanceof MongoError && passingLabels.some((label) => error.hasErrorLabel(label)));
  if (!passes) return error;
  return new PlatformError('STATE_UNAVAILABLE', `MongoDB cannot be used now: ${error.message}`, {
    cause: error,
  });
}
