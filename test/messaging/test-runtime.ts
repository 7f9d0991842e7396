import type { ConnectionOptions } from '../../workers/messaging/connection-options.ts';
import type { MessagingEventName, MessagingEvents } from '../../workers/messaging/events.ts';
import type { Log } from '../../workers/messaging/log.ts';
import { createMessaging, type Messaging, type MessagingOptions } from '../../workers/messaging/runtime.ts';
import { MemoryLedger } from '../harness/memory-ledger.ts';
import { type TestPlatform, testPlatform } from './test-platform.ts';

/** One line of a log in memory. */
export interface LogLine {
  readonly level: keyof Log;
  readonly fields: object;
  readonly message: string;
}

/** A log that tests can read. */
export class MemoryLog implements Log {
  readonly lines: LogLine[] = [];

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message });
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message });
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message });
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message });
  }
}

const observed = [
  'connected',
  'lost',
  'blocked',
  'unblocked',
  'topologyMismatch',
  'published',
  'announced',
  'publishFailed',
  'resent',
  'subscribed',
  'unsubscribed',
  'received',
  'handled',
  'settled',
  'delayed',
  'deadLettered',
  'handedBack',
] as const satisfies readonly MessagingEventName[];

/** A runtime that remembers what it told. */
export interface TestRuntime {
  readonly messaging: Messaging<TestPlatform>;
  readonly ledger: MemoryLedger;
  readonly log: MemoryLog;
  /** All events of one name so far. */
  told<Name extends MessagingEventName>(name: Name): readonly MessagingEvents[Name][];
}

/** A started runtime over the test platform; `close` it at the end of the test. */
export function startRuntime(
  connection: string | ConnectionOptions,
  options: Partial<MessagingOptions<TestPlatform>> & { readonly ledger?: MemoryLedger } = {},
): TestRuntime {
  const ledger = options.ledger ?? new MemoryLedger();
  const log = new MemoryLog();
  const messaging = createMessaging({
    platform: testPlatform,
    connection: typeof connection === 'string' ? { url: connection } : connection,
    service: 'tester',
    log,
    ...options,
    ledger,
  });
  const told: { [Name in MessagingEventName]?: MessagingEvents[Name][] } = {};
  const remember = <Name extends MessagingEventName>(name: Name) => {
    const list: MessagingEvents[Name][] = [];
    Object.assign(told, { [name]: list });
    messaging.on(name, (event) => list.push(event));
  };
  for (const name of observed) remember(name);
  messaging.start();
  return { messaging, ledger, log, told: (name) => told[name] ?? [] };
}
