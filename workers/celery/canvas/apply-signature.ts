import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskMessage } from '../protocol/task-message.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import type { ResultBackend } from '../results/result-backend.ts';
import type { TaskRouter, TaskSender } from '../sending.ts';

/** What canvases are sent with. */
export interface CanvasDeps {
  readonly sender: TaskSender;
  readonly backend: ResultBackend;
  readonly route: TaskRouter;
  /** Who sends, for people. */
  readonly origin: string;
  /** Has the broker hold a message for some seconds. @default receivers hold it */
  readonly delay?: (message: TaskMessage, seconds: number) => TaskMessage;
}

/** What is added to a signature when it is sent. */
export interface SignatureCall {
  /** In front of the signature's own, unless it is immutable. */
  readonly args?: readonly TaskValue[];
  readonly kwargs?: Kwargs;
  /** As `apply_async` takes them; they win over the signature's own, but for `group_id`. */
  readonly options?: Kwargs;
  readonly rootId?: string;
  readonly parentId?: string;
  readonly replyTo?: string;
  readonly headers?: Kwargs;
}

/**
 * Sends a call or a canvas.
 * @throws PlatformError as the sender does
 */
export async function applySignature(
  _signature: Signature,
  _call: SignatureCall,
  _deps: CanvasDeps,
): Promise<ResultTuple> {
  throw new Error('applySignature');
}
