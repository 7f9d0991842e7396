import { addToChord } from '../canvas/add-to-chord.ts';
import { type CanvasDeps, sendSignature } from '../canvas/apply-signature.ts';
import { replaceTask } from '../canvas/replace.ts';
import type { ResultTuple, Signature } from '../protocol/signature.ts';
import type { TaskRequest } from '../protocol/task-request.ts';
import type { TaskValue } from '../protocol/value.ts';
import type { TaskCalls } from './task-context.ts';

/** Does what a running task asks of its worker. @param children takes in what the task sends */
export function taskCalls(request: TaskRequest, children: ResultTuple[], canvas: CanvasDeps): TaskCalls {
  const { backend } = canvas;
  return {
    updateState: async (state: string, meta: TaskValue) => {
      await backend.store({ id: request.id, state, result: meta, children, request });
    },
    send: async (signature: Signature) => {
      const { rootId, id: parentId, replyTo } = request;
      const sent = await sendSignature(signature, { rootId, parentId, replyTo }, canvas);
      children.push(...sent.children);
      return sent.result;
    },
    replace: async (signature: Signature) => {
      await replaceTask(request, signature, canvas);
    },
    addToChord: async (signature: Signature) => {
      const added = await addToChord(request, signature, canvas);
      children.push(added);
      return added;
    },
  };
}
