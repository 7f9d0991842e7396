import { PlatformError } from '../../workers/platform/errors.ts';

/** The code of the PlatformError that a promise is rejected with; any other end fails the test. */
export async function errorCode(promise: Promise<unknown>): Promise<string> {
  return (await platformError(promise)).code;
}

/** The PlatformError that a promise is rejected with; any other end fails the test. */
export async function platformError(promise: Promise<unknown>): Promise<PlatformError> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    if (error instanceof PlatformError) return error;
    throw error;
  }
  throw new Error(`expected a PlatformError, got ${JSON.stringify(value)}`);
}
