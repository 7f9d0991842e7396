import type { ResultTuple } from '../protocol/signature.ts';

/** A result that is to come. Its parent becomes known when what precedes it gets its ids. */
export interface ResultNode {
  readonly id: string;
  parent: ResultNode | undefined;
  /** Undefined for a single task. */
  readonly members: readonly ResultNode[] | undefined;
}

export function resultNode(id: string, members?: readonly ResultNode[]): ResultNode {
  return { id, parent: undefined, members };
}

/** What comes first before a result. */
export function firstOf(node: ResultNode): ResultNode {
  let first = node;
  while (first.parent !== undefined) first = first.parent;
  return first;
}

/** As Celery's `as_tuple`. */
export function tupleOf(node: ResultNode): ResultTuple {
  const parent = node.parent === undefined ? null : tupleOf(node.parent);
  return [[node.id, parent], node.members === undefined ? null : node.members.map(tupleOf)];
}
