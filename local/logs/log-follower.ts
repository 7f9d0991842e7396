import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';

const intervalMs = 150;
const chunkBytes = 256 * 1024;

/**
 * Reports the lines that are appended to a file. The processes of the stack write straight into their log files,
 * so that no reader can hold them up and nothing they wrote is lost when the supervisor ends.
 */
export class LogFollower {
  readonly #file: string;
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8');
  #handle: FileHandle | undefined;
  #position: number;
  #rest = '';
  #reading: Promise<void> = Promise.resolve();
  #stopped: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  /** @param file need not exist yet; what is in it already is not reported */
  constructor(file: string, onLine: (line: string) => void) {
    this.#file = file;
    this.#onLine = onLine;
    this.#position = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    this.#timer = setInterval(() => this.#readSoon(), intervalMs);
    this.#timer.unref();
  }

  /** Reports what is left, the last line included even if it is unfinished. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    this.#readSoon();
    await this.#reading;
    if (this.#rest !== '') this.#onLine(this.#rest);
    await this.#handle?.close();
  }

  #readSoon(): void {
    this.#reading = this.#reading.then(() => this.#read());
  }

  async #read(): Promise<void> {
    this.#handle ??= await open(this.#file, 'r').catch(() => undefined);
    if (this.#handle === undefined) return;
    for (;;) {
      const { bytesRead, buffer } = await this.#handle.read({
        buffer: Buffer.alloc(chunkBytes),
        position: this.#position,
      });
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      const lines = (this.#rest + this.#decoder.write(buffer.subarray(0, bytesRead))).split('\n');
      this.#rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '') this.#onLine(line);
    }
  }
}
