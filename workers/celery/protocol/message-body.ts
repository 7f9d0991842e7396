import { unzipSync } from 'node:zlib';
import { contentDisallowed, invalidTask, type TaskError } from './exception.ts';
import { parseTaskJson } from './json.ts';
import type { TaskValue } from './value.ts';

/** A body that cannot be read, with what its sender is told. */
export class BodyError extends Error {
  readonly error: TaskError;

  constructor(error: TaskError) {
    super(error.message);
    this.error = error;
  }
}

/** Bytes that a compressed body may become. */
const largestBody = 64 * 1024 * 1024;

/** Lists and mappings inside each other; Python's own reader ends at about a thousand, and any writer at some depth. */
const deepest = 500;

/** kombu's name for what `zlib.compress` made, and that of gzip itself. */
const deflated = new Set(['application/x-gzip', 'application/gzip', 'gzip', 'zlib']);

/**
 * Reads the body of a message. Only JSON is accepted: pickle would let a sender run code here.
 * @throws BodyError
 */
export function readBody(content: Buffer, contentType: string, compression: string | undefined): TaskValue {
  if (contentType === '') throw new BodyError(invalidTask('the message names no content type'));
  if (!/^application\/json(;|$)/.test(contentType)) throw new BodyError(contentDisallowed(contentType));
  const bytes = compression === undefined ? content : inflated(content, compression);
  const value = parsed(bytes);
  if (isDeeper(value, deepest)) throw new BodyError(invalidTask(`the body has more than ${deepest} levels`));
  return value;
}

function parsed(bytes: Buffer): TaskValue {
  try {
    return parseTaskJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new BodyError(
      invalidTask(`the body is no JSON: ${error instanceof Error ? error.message : error}`),
    );
  }
}

function isDeeper(value: TaskValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((each: TaskValue) => isDeeper(each, levels - 1));
}

function inflated(content: Buffer, compression: string): Buffer {
  if (!deflated.has(compression))
    throw new BodyError(invalidTask(`the body is compressed as ${compression}`));
  try {
    return unzipSync(content, { maxOutputLength: largestBody });
  } catch (error) {
    throw new BodyError(
      invalidTask(`the body cannot be decompressed: ${error instanceof Error ? error.message : error}`),
    );
  }
}
