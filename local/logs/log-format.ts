import { createColors } from 'picocolors';
import { isAtLeast, type LogLevel, type LogLine } from './log-line.ts';

/** Turns the lines of all processes into text for people, each line beginning with the name of its process. */
export interface LogFormat {
  /** `name | level time message key=value`, the stack of an error in lines of its own. */
  line(name: string, line: LogLine): string;
}

/**
 * @param names of the processes, which get a column and a colour each
 * @param colour whether to use colours at all
 */
export function logFormat(names: readonly string[], colour: boolean): LogFormat {
  const paint = createColors(colour);
  const palette = [paint.cyan, paint.green, paint.magenta, paint.blue, paint.yellow, paint.white];
  const width = Math.max(0, ...names.map((name) => name.length));
  const colourOfLevel: Readonly<Record<LogLevel, (text: string) => string>> = {
    trace: paint.dim,
    debug: paint.dim,
    info: String,
    warn: paint.yellow,
    error: paint.red,
    fatal: paint.red,
  };
  return {
    line: (name, { level, time, message, fields }) => {
      const ownColour = palette[Math.max(0, names.indexOf(name)) % palette.length] ?? String;
      const prefix = `${ownColour(name.padEnd(width))} ${paint.dim('|')} `;
      const text = [
        colourOfLevel[level](level.padEnd(5)),
        paint.dim(time),
        visible(message),
        ...Object.entries(fields).map(([key, value]) => `${paint.dim(`${visible(key)}=`)}${textOf(value)}`),
      ];
      const stack = isAtLeast(level, 'error') ? stackOf(fields['err']) : [];
      return [text.filter((part) => part !== '').join(' '), ...stack.map((each) => `      ${visible(each)}`)]
        .map((each) => `${prefix}${each}`)
        .join('\n');
    },
  };
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? visible(value) : quoted(value);
  return quoted(isLoggedError(value) ? value.message : value);
}

function quoted(value: unknown): string {
  return visible(JSON.stringify(value));
}

function stackOf(error: unknown): readonly string[] {
  if (!isLoggedError(error) || error.stack === undefined) return [];
  return error.stack
    .split('\n')
    .map((each) => each.trim())
    .filter((each) => each.startsWith('at '));
}

/** An error as pino writes it. */
function isLoggedError(value: unknown): value is { readonly message: string; readonly stack?: string } {
  return (
    typeof value === 'object' && value !== null && 'message' in value && typeof value.message === 'string'
  );
}

/** Writes control characters out, since a terminal would obey them and logs may hold what a caller sent. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (each) =>
    each < ' ' ? JSON.stringify(each).slice(1, -1) : `\\u00${each.charCodeAt(0).toString(16)}`,
  );
}
