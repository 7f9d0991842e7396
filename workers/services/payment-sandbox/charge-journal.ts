import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PlatformError } from '../../platform/errors.ts';
import { Charge } from './charge.ts';

interface Waiting {
  readonly line: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A file with one charge a line, to which lines are only ever added. Charges that wait at the same time
 * share one write and one fsync.
 */
export class ChargeJournal {
  readonly #file: FileHandle;
  #length: number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  private constructor(file: FileHandle, length: number) {
    this.#file = file;
    this.#length = length;
  }

  /**
   * Opens the file, or creates it, and reads what it holds. A last line that a crash cut short is removed:
   * nobody was told about its charge.
   *
   * @throws PlatformError RECORD_CORRUPT when another line is not a charge, CONFIG_INVALID when there can be no such file
   */
  static async open(path: string): Promise<{ journal: ChargeJournal; charges: readonly Charge[] }> {
    const file = await openOrCreate(path);
    try {
      const text = await file.readFile('utf8');
      const { charges, length } = readCharges(path, text);
      if (length < Buffer.byteLength(text)) await file.truncate(length);
      return { journal: new ChargeJournal(file, length), charges };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Resolves once the charge is on the disk. */
  append(charge: Charge): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ line: `${JSON.stringify(charge)}\n`, resolve, reject });
      this.#flushing ??= this.#flush().finally(() => {
        this.#flushing = undefined;
      });
    });
  }

  /** Writes what waits, then closes the file. */
  async close(): Promise<void> {
    await this.#flushing;
    await this.#file.close();
  }

  async #flush(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const bytes = Buffer.from(batch.map(({ line }) => line).join(''));
        await this.#file.appendFile(bytes);
        await this.#file.datasync();
        this.#length += bytes.length;
        for (const { resolve } of batch) resolve();
      } catch (error) {
        // Half a batch must not stay in the file: its charges are reported as failed.
        await this.#file.truncate(this.#length).catch(() => undefined);
        for (const { reject } of batch) reject(error);
      }
    }
  }
}

async function openOrCreate(path: string): Promise<FileHandle> {
  try {
    await mkdir(dirname(path), { recursive: true });
    return await open(path, 'a+', 0o600);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PlatformError('CONFIG_INVALID', `the file for the charges cannot be opened: ${reason}`, {
      cause,
    });
  }
}

function readCharges(path: string, text: string): { charges: Charge[]; length: number } {
  const lines = text.split('\n');
  // What follows the last line break is empty, or a line that was cut short.
  const whole = lines.slice(0, -1);
  const charges: Charge[] = [];
  let length = 0;
  for (const [index, line] of whole.entries()) {
    const charge = parseCharge(line);
    if (charge === undefined) {
      if (index === lines.length - 2 && lines.at(-1) === '') break;
      throw new PlatformError('RECORD_CORRUPT', `${path}, line ${index + 1} is not a charge`);
    }
    charges.push(charge);
    length += Buffer.byteLength(line) + 1;
  }
  return { charges, length };
}

function parseCharge(line: string): Charge | undefined {
  try {
    return Charge.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
