import { createHash } from 'node:crypto';
import { isList, isMapping } from '../protocol/fields.ts';
import { stringifyTaskJson } from '../protocol/json.ts';
import type { Signature } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { ExceptionDocument } from '../results/result-backend.ts';

/**
 * Celery's clients link the errback of a chord to the bodies of the chords in it as well, and count on it that only one
 * of them fails, since the chord around never ends then. Here that one fails too, so what its part failed with says
 * which errbacks were sent: none is sent twice on the way out. Python reads of a failure only what it knows.
 */
const field = 'errbacks';

export function digestOf(errback: Signature): string {
  return createHash('sha1').update(stringifyTaskJson(errback)).digest('base64');
}

/** What a part of a chord failed with. @param heard digests of the errbacks that were sent because of it */
export function failureHeardBy(exception: ExceptionDocument, heard: ReadonlySet<string>): TaskValue {
  return heard.size === 0 ? { ...exception } : { ...exception, [field]: [...heard] };
}

/** The digests of the errbacks that were sent because of a part's failure. */
export function heardOf(failure: TaskValue): readonly string[] {
  const heard = isMapping(failure) ? failure[field] : undefined;
  return isList(heard) ? heard.map(String) : [];
}
