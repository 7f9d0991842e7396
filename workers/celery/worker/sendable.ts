import { PlatformError } from '../../platform/errors.ts';
import { asTable } from '../protocol/table.ts';
import { fitsName, type TaskMessage } from '../protocol/task-message.ts';

/**
 * The message as the client library can write it.
 * @throws PlatformError TASK_UNSENDABLE
 */
export function sendable(message: TaskMessage): TaskMessage {
  const { exchange, routingKey, properties } = message;
  const { priority, replyTo = '' } = properties;
  for (const [what, name] of Object.entries({ exchange, routingKey, replyTo }))
    if (!fitsName(name)) throw unsendable(`${what} has more than 255 bytes: ${name.slice(0, 40)}…`);
  if (!Number.isInteger(priority) || priority < 0 || priority > 255)
    throw unsendable(`priority must be a whole number from 0 to 255, not ${priority}`);
  // Its values are those of a mapping, so that it is one.
  const headers = asTable(properties.headers) as Readonly<Record<string, unknown>>;
  return { ...message, properties: { ...properties, headers } };
}

/** @param reason what is wrong, or the error that says so */
export function unsendable(reason: unknown): PlatformError {
  if (typeof reason === 'string') return new PlatformError('TASK_UNSENDABLE', reason);
  const text = reason instanceof Error ? reason.message : String(reason);
  return new PlatformError('TASK_UNSENDABLE', text, { cause: reason });
}
