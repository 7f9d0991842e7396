import type { StateLog } from '../../workers/state/redis-connection.ts';

/** A log that keeps its lines, so that a test can read them. */
export interface RecordedLog extends StateLog {
  readonly lines: { readonly level: 'info' | 'warn'; readonly fields: object; readonly message: string }[];
}

export function recordedLog(): RecordedLog {
  const lines: RecordedLog['lines'] = [];
  return {
    lines,
    info: (fields, message) => void lines.push({ level: 'info', fields, message }),
    warn: (fields, message) => void lines.push({ level: 'warn', fields, message }),
  };
}
