import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { Kwargs, TaskValue } from '../protocol/value.ts';
import { applyChain } from './apply-chain.ts';
import { applyChord } from './apply-chord.ts';
import { applyGroup } from './apply-group.ts';
import { applyTask } from './apply-task.ts';
import type { CanvasDeps } from './canvas-deps.ts';
import { clone } from './clone.ts';
import { type Draft, draftOf, draftOptions } from './draft.ts';
import { type Addition, merge } from './merge.ts';
import { type ResultNode, tupleOf } from './result-node.ts';
import type { Origin, Sending } from './sending.ts';

export type { CanvasDeps } from './canvas-deps.ts';

/** What is added to a signature when it is sent. */
export interface SignatureCall extends Origin {
  /** In front of the signature's own, unless it is immutable. */
  readonly args?: readonly TaskValue[];
  readonly kwargs?: Kwargs;
  /** As `apply_async` takes them; they win over the signature's own, but for `group_id` and stamps. */
  readonly options?: Kwargs;
}

/** What came of sending a canvas. */
export interface Sent {
  /** The result of its end: the last step of a chain, the body of a chord; what precedes it is its parent. */
  readonly result: ResultTuple;
  /** What the sending task has as children thereby: of a chain the first step, of a chord its header. */
  readonly children: readonly ResultTuple[];
}

/**
 * Sends a call or a canvas, resolving when all its messages are confirmed. Chains carry their next steps, groups are
 * taken apart, chords are counted by the result backend.
 * @throws PlatformError as the sender and the backend do
 * @throws TaskError ValueError for an option that cannot be read
 */
export async function applySignature(
  signature: Signature,
  call: SignatureCall,
  deps: CanvasDeps,
): Promise<ResultTuple> {
  return (await sendSignature(signature, call, deps)).result;
}

/** As `applySignature`, for a task that is to know its children. */
export async function sendSignature(
  signature: Signature,
  call: SignatureCall,
  deps: CanvasDeps,
): Promise<Sent> {
  return sendDraft(draftOf(signature), call, deps);
}

export async function sendDraft(draft: Draft, call: SignatureCall, deps: CanvasDeps): Promise<Sent> {
  const { args = [], kwargs = {}, options = {}, rootId, parentId, replyTo } = call;
  const trail: ResultNode[] = [];
  const addition = { args, kwargs, options: draftOptions(options) };
  const result = await apply(draft, addition, { deps, origin: { rootId, parentId, replyTo }, trail, apply });
  return { result: tupleOf(result), children: trail.map(tupleOf) };
}

async function apply(draft: Draft, addition: Addition, sending: Sending): Promise<ResultNode> {
  const own = clone(draft);
  merge(own, addition);
  switch (own.kind) {
    case 'task':
      return applyTask(own, sending);
    case 'chain':
      return applyChain(own, sending);
    case 'group':
      return applyGroup(own, own.immutable ? {} : addition.kwargs, sending);
    case 'chord':
      return applyChord(own, sending);
  }
}
