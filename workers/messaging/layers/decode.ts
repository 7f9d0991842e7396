import type { ErrorCode } from '../../platform/errors.ts';
import type { Layer, Outcome } from '../delivery.ts';

/** Content types of JSON, with or without parameters; a publisher that names none is believed. */
const json = /^application\/json\s*(;|$)/i;
const charset = /;\s*charset="?([^\s;"]*)/i;
const encodings: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'identity']);

const decoder = new TextDecoder('utf-8', { fatal: true });

/** Decodes the body: JSON in UTF-8 of at most the given size. What is not goes to the dead-letter queue. */
export function decode(maxBytes: number): Layer {
  return (next) => async (delivery) => {
    const { content, contentType = 'application/json', contentEncoding = 'utf-8' } = delivery;
    if (content.length > maxBytes) {
      return dead('MESSAGE_TOO_LARGE', `the body has ${content.length} bytes; at most ${maxBytes} are taken`);
    }
    if (!isJson(contentType)) {
      return dead('MESSAGE_CONTENT_TYPE_UNSUPPORTED', `the content type is ${contentType}`);
    }
    if (!encodings.has(contentEncoding.toLowerCase())) {
      return dead('MESSAGE_CONTENT_TYPE_UNSUPPORTED', `the content encoding is ${contentEncoding}`);
    }
    let payload: unknown;
    try {
      payload = JSON.parse(decoder.decode(content));
    } catch (error) {
      return dead('MESSAGE_NOT_JSON', 'the body is not JSON in UTF-8', error);
    }
    return next({ ...delivery, payload });
  };
}

function isJson(contentType: string): boolean {
  const named = charset.exec(contentType)?.[1] ?? 'utf-8';
  return json.test(contentType) && encodings.has(named.toLowerCase());
}

function dead(code: ErrorCode, reason: string, error?: unknown): Outcome {
  return { kind: 'dead', code, reason, error };
}
