import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { FinalState } from '../results/result-backend.ts';
import type { CanvasDeps } from './apply-signature.ts';

/** What must be known of a task to count it as a part of its chord. */
export type ChordMember = Pick<TaskRequest, 'id' | 'group' | 'groupIndex' | 'chord'> &
  Partial<Pick<TaskRequest, 'rootId' | 'replyTo'>>;

/** Counts a task that has ended as a part of its chord, if it is one, and ends the chord's header with the last. */
export async function finishChordPart(
  _member: ChordMember,
  _state: FinalState,
  _result: TaskValue,
  _deps: CanvasDeps,
): Promise<void> {}
