import { errorCatalogue, type PlatformError } from '../workers/platform/errors.ts';

/** An error in one line for people: its code, what happened, and what to do where the message itself says no more than the code. */
export function errorLine({ code, message }: PlatformError): string {
  const { meaning, remedy } = errorCatalogue[code];
  return message === meaning ? `${code}: ${meaning} ${remedy}` : `${code}: ${message}`;
}
