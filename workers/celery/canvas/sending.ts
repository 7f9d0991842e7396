import type { CanvasDeps } from './canvas-deps.ts';
import type { Draft } from './draft.ts';
import type { Addition } from './merge.ts';
import type { ResultNode } from './result-node.ts';

/** The task during or after which something is sent. */
export interface Origin {
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
  readonly replyTo?: string | undefined;
}

/** One canvas on its way. */
export interface Sending {
  readonly deps: CanvasDeps;
  readonly origin: Origin;
  /** Takes in what becomes a child of the task that sends; parts of a group are not, the group is. */
  readonly trail: ResultNode[];
  apply(draft: Draft, addition: Addition, sending: Sending): Promise<ResultNode>;
}
