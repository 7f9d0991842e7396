import type { ExceptionDocument } from '../results/result-backend.ts';
import type { Signature } from './signature.ts';

/** Who may be waiting for a message that cannot be read, as far as it says so. */
export interface MalformedTaskSender {
  readonly id?: string | undefined;
  readonly task?: string | undefined;
  readonly group?: string | undefined;
  readonly groupIndex?: number | undefined;
  readonly chord?: Signature | undefined;
}

/** A message that no task can be called with; it never leaves the worker as an error of the product. */
export class MalformedTask extends Error {
  /** What is wrong with it, for people. */
  readonly reason: string;
  /** What is stored as its result, where it names an id. */
  readonly exception: ExceptionDocument;
  readonly id: string | undefined;
  readonly task: string | undefined;
  readonly group: string | undefined;
  readonly groupIndex: number | undefined;
  readonly chord: Signature | undefined;

  constructor(reason: string, exception: ExceptionDocument, sender: MalformedTaskSender) {
    super(reason);
    this.name = 'MalformedTask';
    this.reason = reason;
    this.exception = exception;
    this.id = sender.id;
    this.task = sender.task;
    this.group = sender.group;
    this.groupIndex = sender.groupIndex;
    this.chord = sender.chord;
  }
}
