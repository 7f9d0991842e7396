import picocolors from 'picocolors';
import { LogFollower } from './logs/log-follower.ts';
import { logFormat } from './logs/log-format.ts';
import { isAtLeast, type LogLine, parseLogLine } from './logs/log-line.ts';

/** How much of the logs is printed: nothing, what services warn of, or everything. The files hold it all. */
export type LogDetail = 'quiet' | 'warnings' | 'all';

/** A log file of the stack: `records` are the services' own, `text` is what Redis and RabbitMQ write. */
export interface StackLog {
  readonly name: string;
  readonly file: string;
  readonly content: 'records' | 'text';
}

/**
 * Prints the logs of the stack's processes while they run.
 * @returns stops it, once everything written so far is printed
 */
export function printLogs(
  logs: readonly StackLog[],
  detail: LogDetail,
  print: (text: string) => void,
  colour = picocolors.isColorSupported && process.stdout.isTTY === true,
): () => Promise<void> {
  const format = logFormat(
    logs.map(({ name }) => name),
    colour,
  );
  const least = detail === 'all' ? 'trace' : 'warn';
  // The servers' lines have the time and the level in the text, in formats of their own.
  const read = ({ content }: StackLog, text: string): LogLine =>
    content === 'records' ? parseLogLine(text) : { level: 'info', time: '', message: text, fields: {} };
  const followers = (detail === 'quiet' ? [] : logs).map(
    (log) =>
      new LogFollower(log.file, (text) => {
        const line = read(log, text);
        if (isAtLeast(line.level, least)) print(format.line(log.name, line));
      }),
  );
  return async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
  };
}
