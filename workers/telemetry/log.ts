import { type DestinationStream, type Logger, pino } from 'pino';
import type { Environment } from '../platform/environment.ts';
import { traceFields } from './tracing.ts';

export type { Logger } from 'pino';

export type LogLevel = Environment['LOG_LEVEL'];

/** Fields that carry a secret wherever they appear; their values never reach a log line. */
const secretFields = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'token',
  'secret',
  'paymentMethod',
] as const;

/** A field at the top of a log object and up to three levels down: pino's paths have no "at any depth". */
const redactedPaths = [
  ...secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`]),
  // ioredis attaches the failed command with its arguments to its errors.
  'err.command',
];

/**
 * A logger that writes one JSON object a line: time (ISO 8601), level, service, the
 * trace where one goes on, and the message.
 *
 * @param options.destination @default standard output
 */
export function createLogger(options: {
  readonly service: string;
  readonly level: LogLevel;
  readonly destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    base: { service: options.service },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: traceFields,
    redact: { paths: redactedPaths, censor: '[redacted]' },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}
