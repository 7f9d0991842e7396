import { ReplyError } from 'ioredis';
import { PlatformError } from '../platform/errors.ts';

/** Error replies of a server that cannot serve now but may later (the first word of Redis' error replies). */
const passing: ReadonlySet<string> = new Set([
  'LOADING', // reads its data from disk
  'READONLY', // became a replica
  'MASTERDOWN', // a replica without its primary
  'NOREPLICAS', // too few replicas to accept a write
  'CLUSTERDOWN',
  'TRYAGAIN',
  'BUSY', // a script runs too long
  'MISCONF', // cannot write to its disk
  'OOM', // full, and told to evict nothing
  'NOAUTH', // restarted with a password that this process does not have
]);

/** ioredis names a lost connection by these classes and messages; it exports no codes for them. */
const lostConnectionNames: ReadonlySet<string> = new Set(['AbortError', 'MaxRetriesPerRequestError']);
const lostConnectionMessages: ReadonlySet<string> = new Set([
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
]);

/**
 * The error a caller sees for one that ioredis reported: the one place where this is decided.
 * A server that is unreachable, silent, loading, full, read-only or failing over becomes STATE_UNAVAILABLE,
 * a key of the wrong type RECORD_CORRUPT. Everything else is a fault of ours and stays what it is.
 */
export function asStateError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof ReplyError) return fromReply(error);
  const lost =
    lostConnectionNames.has(error.name) ||
    lostConnectionMessages.has(error.message) ||
    // An error of the operating system, such as ECONNRESET.
    'syscall' in error;
  return lost ? stateUnavailable(error.message, error) : error;
}

/** STATE_UNAVAILABLE for a stated reason. */
export function stateUnavailable(reason: string, cause?: unknown): PlatformError {
  return new PlatformError('STATE_UNAVAILABLE', `Redis cannot be used now: ${reason}`, { cause });
}

/** Whether an error says that Redis is away, as opposed to a fault. */
export function isStateUnavailable(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'STATE_UNAVAILABLE';
}

function fromReply(error: Error & { command?: { name: string; args: readonly unknown[] } }): Error {
  const command = error.command;
  // The arguments may be personal data, and loggers write every property of an error.
  delete error.command;
  const [code = ''] = error.message.split(' ', 1);
  if (passing.has(code)) return stateUnavailable(error.message, error);
  if (code !== 'WRONGTYPE') return error;
  const keys = keysOf(command);
  return new PlatformError(
    'RECORD_CORRUPT',
    `One of these keys holds another type of value: ${keys.join(', ')}`,
    {
      details: { keys },
      cause: error,
    },
  );
}

/** The keys of a failed command: those a script was given, or the first argument of any other command. */
function keysOf(command: { name: string; args: readonly unknown[] } | undefined): readonly string[] {
  if (command === undefined) return [];
  const { name, args } = command;
  const keys = name === 'eval' || name === 'evalsha' ? args.slice(2, 2 + Number(args[1])) : args.slice(0, 1);
  return keys.map(String);
}
