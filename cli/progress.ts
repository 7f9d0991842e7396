import colours from 'picocolors';
import type { StackEvent } from '../local/stack-events.ts';

/** Prints what happens to the processes of a stack, a line each. */
export function printStackEvent(event: StackEvent): void {
  const line = describe(event);
  if (line !== undefined) console.log(line);
}

function describe(event: StackEvent): string | undefined {
  switch (event.kind) {
    case 'ready':
      return `  ${colours.green('ready')}      ${event.name} ${colours.dim(`(${seconds(event.tookMs)})`)}`;
    case 'crashed':
      return `  ${colours.red('crashed')}    ${event.name}: ${event.ended}; starting again in ${seconds(event.restartInMs)}`;
    case 'restarted':
      return `  ${colours.green('restarted')}  ${event.name} ${colours.dim(`(${seconds(event.tookMs)})`)}`;
    default:
      return undefined;
  }
}

/** A time for people, e.g. `1.2 s`. */
export function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

/**
 * Shows a line that is written over on a terminal. Elsewhere, as in a log file, it is printed when it has changed,
 * but at most every few seconds, and so not at all for what is soon over.
 */
export class ProgressLine {
  readonly #everyMs: number;
  #last = '';
  #printedAt = performance.now();

  /** @param everyMs the least time between two lines where nothing can be written over */
  constructor(everyMs = 5_000) {
    this.#everyMs = everyMs;
  }

  show(text: string): void {
    if (text === this.#last) return;
    // A line that wraps could not be written over.
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text.slice(0, process.stdout.columns - 1)}`);
    else if (performance.now() - this.#printedAt < this.#everyMs) return;
    else console.log(text);
    this.#last = text;
    this.#printedAt = performance.now();
  }

  /** Ends the line with its final text. */
  end(text: string): void {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}\n`);
    else if (text !== this.#last) console.log(text);
    this.#last = text;
  }

  /** Prints a line that stays, above the one that is written over. */
  print(text: string): void {
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${text}\n`);
    else console.log(text);
    this.#last = '';
  }
}
