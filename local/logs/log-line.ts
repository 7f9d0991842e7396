import type { Environment } from '../../workers/platform/environment.ts';

/** How severe a line is, as the services' loggers name it. */
export type LogLevel = Environment['LOG_LEVEL'];

const severity: Readonly<Record<LogLevel, number>> = {
  trace: 10,
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
  fatal: 60,
};

/** One line that a process wrote, taken apart. */
export interface LogLine {
  readonly level: LogLevel;
  /** Local time of day, `12:34:56.789`; empty where the line has none. */
  readonly time: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Fields that every line has and that the reader sees otherwise, or not at all. */
const known = new Set(['level', 'time', 'msg', 'service', 'pid', 'hostname']);

/**
 * Reads a line of a service's log. What is not a log record was written by Node.js itself, for instance the
 * stack of the error that ended the process, and counts as an error.
 */
export function parseLogLine(text: string): LogLine {
  const record = jsonObject(text);
  if (record === undefined) return { level: 'error', time: '', message: text, fields: {} };
  return {
    level: isLevel(record['level']) ? record['level'] : 'info',
    time: timeOfDay(record['time']),
    message: typeof record['msg'] === 'string' ? record['msg'] : '',
    fields: Object.fromEntries(Object.entries(record).filter(([name]) => !known.has(name))),
  };
}

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return severity[level] >= severity[least];
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    // JSON that starts with a brace is an object.
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function isLevel(value: unknown): value is LogLevel {
  return typeof value === 'string' && Object.hasOwn(severity, value);
}

function timeOfDay(value: unknown): string {
  const time = new Date(typeof value === 'string' || typeof value === 'number' ? value : Number.NaN);
  if (Number.isNaN(time.getTime())) return '';
  const two = (number: number) => String(number).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}
