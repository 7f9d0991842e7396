import type { ResultTuple } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';

/** States that Celery knows; a task may set others of its own. */
export type FinalState = 'SUCCESS' | 'FAILURE' | 'REVOKED';

/**
 * An exception as Celery stores it. The client raises the class of that module and name if it has it, otherwise one that
 * it makes up (celery/backends/base.py, `exception_to_python`).
 */
export interface ExceptionDocument {
  readonly exc_type: string;
  readonly exc_message: readonly TaskValue[];
  readonly exc_module: string;
}

/** What is known of a task under its id. */
export interface ResultDocument {
  readonly taskId: string;
  readonly status: string;
  /** The value, the exception's document, or what the task said of its progress. */
  readonly result: TaskValue;
  readonly traceback: string | null;
  readonly children: readonly ResultTuple[];
  readonly dateDone: string | null;
  readonly groupId: string | undefined;
  readonly parentId: string | undefined;
}

/** What is to be stored. */
export interface NewResult {
  readonly id: string;
  readonly state: string;
  readonly result: TaskValue;
  readonly traceback?: string;
  readonly children?: readonly ResultTuple[];
  /** Where its group, parent and the extended fields come from. */
  readonly request?: TaskRequest;
}

/** A part of a chord that has ended. */
export interface ChordPart {
  readonly group: string;
  readonly id: string;
  /** Its place in the group; undefined goes last. */
  readonly index: number | undefined;
  readonly state: FinalState;
  readonly result: TaskValue;
}

/** The end of a chord's header: each part's id, state and result in the order of the group. */
export interface ChordParts {
  /** By which the caller has them to itself, as long as it lives. */
  readonly claim: string;
  readonly parts: readonly { readonly id: string; readonly state: string; readonly result: TaskValue }[];
}

/**
 * Where results are kept, and where the parts of chords are counted.
 * Every method throws PlatformError STATE_UNAVAILABLE while the store is away.
 */
export interface ResultBackend {
  /**
   * Stores a result and tells whoever waits for it, in one atomic step.
   * @returns `kept` when a SUCCESS was there already, which is never overwritten
   */
  store(result: NewResult): Promise<'stored' | 'kept'>;
  read(id: string): Promise<ResultDocument | undefined>;
  forget(id: string): Promise<void>;
  /** What `GroupResult.save()` writes, for `GroupResult.restore()`. */
  saveGroup(group: string, members: ResultTuple): Promise<void>;
  restoreGroup(group: string): Promise<ResultTuple | undefined>;
  /** How many parts a chord's header has; parts may end before it is known. @returns as `addChordPart` */
  setChordSize(group: string, size: number): Promise<void>;
  /** Adds parts to a chord whose header is running (`add_to_chord`). */
  growChord(group: string, by: number): Promise<void>;
  /**
   * Enters a part that has ended; the same part again changes nothing. Waits while another has claimed the complete header.
   * @returns all parts for one caller at a time, until the chord is closed or forgotten, otherwise undefined
   */
  addChordPart(part: ChordPart): Promise<ChordParts | undefined>;
  /** Keeps a claim for some seconds more. @returns false where it is lost to another, who settles the chord */
  holdChord(group: string, claim: string): Promise<boolean>;
  /** Lets nothing more come of a chord that failed: a part whose message comes again must not fail its body again. */
  closeChord(group: string, claim: string): Promise<void>;
  /** Removes what counted a chord, once its body has been sent; nothing where the claim was lost to another. */
  forgetChord(group: string, claim: string): Promise<void>;
}
