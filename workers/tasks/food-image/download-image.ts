import type { IncomingMessage } from 'node:http';
import { PlatformError } from '../../platform/errors.ts';
import { type AddressRules, requestImage } from './image-request.ts';

export interface DownloadOptions extends AddressRules {
  /** Largest picture that is taken, in bytes. @default 15 MiB */
  readonly maxBytes?: number;
  /** Time for all of it, redirects included, in milliseconds. @default 20 000 */
  readonly timeoutMs?: number;
  /** @default 3 */
  readonly maxRedirects?: number;
}

const redirects: ReadonlySet<number | undefined> = new Set([301, 302, 303, 307, 308]);
/** Statuses that speak of the moment rather than of the picture. */
const passing: ReadonlySet<number> = new Set([408, 425, 429]);

/**
 * Fetches a picture from anywhere on the public internet, and from nowhere else: every redirect is checked as the
 * first address was.
 *
 * @throws PlatformError IMAGE_URL_REFUSED, IMAGE_UNAVAILABLE and IMAGE_TOO_LARGE for good; IMAGE_DOWNLOAD_FAILED
 *   where another attempt may succeed; the reason of the signal once it is aborted
 */
export async function downloadImage(
  address: string,
  options: DownloadOptions,
  signal: AbortSignal,
): Promise<Buffer> {
  const { maxBytes = 15 * 1024 * 1024, timeoutMs = 20_000, maxRedirects = 3 } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  const either = AbortSignal.any([signal, timeout]);
  try {
    let url = new URL(address);
    for (let followed = 0; ; followed += 1) {
      const answer = await requestImage(url, options, either);
      const { location } = answer.headers;
      if (!redirects.has(answer.statusCode) || location === undefined) return await bodyOf(answer, maxBytes);
      answer.destroy();
      if (followed >= maxRedirects)
        throw unavailable(`it leads to more than ${maxRedirects} other addresses`);
      if (!URL.canParse(location, url.href)) throw unavailable('it leads to an address that is none');
      url = new URL(location, url);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (timeout.aborted) throw failed(`it did not come within ${timeoutMs} ms`);
    if (error instanceof PlatformError) throw error;
    throw failed(error instanceof Error ? error.message : String(error), error);
  }
}

async function bodyOf(answer: IncomingMessage, maxBytes: number): Promise<Buffer> {
  try {
    checkStatus(answer.statusCode ?? 0);
    const encoding = answer.headers['content-encoding'] ?? 'identity';
    if (encoding !== 'identity')
      throw unavailable(`it comes compressed (${encoding}), which was not asked for`);
    if (Number(answer.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of answer) {
      bytes += chunk.length;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, bytes);
  } finally {
    answer.destroy();
  }
}

function checkStatus(status: number): void {
  if (status === 200) return;
  if (status >= 500 || passing.has(status)) throw failed(`its server answered ${status}`);
  throw unavailable(`its server answered ${status}`);
}

function unavailable(reason: string): PlatformError {
  return new PlatformError('IMAGE_UNAVAILABLE', `There is no picture at this address: ${reason}`);
}

function failed(reason: string, cause?: unknown): PlatformError {
  return new PlatformError('IMAGE_DOWNLOAD_FAILED', `The picture could not be fetched: ${reason}`, { cause });
}

function tooLarge(maxBytes: number): PlatformError {
  return new PlatformError('IMAGE_TOO_LARGE', `The picture has more than ${maxBytes} bytes`, {
    details: { maxBytes },
  });
}
