import { randomUUID } from 'node:crypto';
import type { Signature } from '../protocol/signature.ts';
import type { TaskValue } from '../protocol/value.ts';
import { clone } from './clone.ts';
import type { ChainDraft, ChordDraft, Draft, GroupDraft, TaskDraft } from './draft.ts';
import { chord, unchain, unroll } from './join.ts';
import { linkError } from './links.ts';
import { type Addition, merge } from './merge.ts';
import { firstOf, type ResultNode, resultNode } from './result-node.ts';

/** What a draft gets besides its ids. */
export interface Freezing {
  /** The id of its last task, unless that has one. */
  readonly id?: string | undefined;
  readonly groupId?: string | undefined;
  readonly groupIndex?: number | undefined;
  readonly chord?: Draft | undefined;
  readonly rootId?: string | undefined;
  readonly parentId?: string | undefined;
}

/** Gives ids to all tasks of a draft that have none, so that their results are known before they are sent. */
export function freeze(draft: Draft, freezing: Freezing): ResultNode {
  switch (draft.kind) {
    case 'task':
      return freezeTask(draft, freezing);
    case 'chain':
      return freezeChain(draft, freezing);
    case 'group':
      return freezeGroup(draft, freezing);
    case 'chord':
      return freezeChord(draft, freezing);
  }
}

function freezeTask(draft: TaskDraft, freezing: Freezing): ResultNode {
  const { options } = draft;
  const id = idOf(draft) ?? freezing.id ?? randomUUID();
  const { groupId, groupIndex, rootId, parentId } = freezing;
  options.values = {
    ...options.values,
    task_id: id,
    ...(rootId === undefined ? {} : { root_id: rootId }),
    ...(parentId === undefined ? {} : { parent_id: parentId }),
    ...(groupId === undefined || Object.hasOwn(options.values, 'group_id') ? {} : { group_id: groupId }),
    ...(groupIndex === undefined ? {} : { group_index: groupIndex }),
  };
  if (freezing.chord !== undefined) options.chord = freezing.chord;
  return resultNode(id);
}

function freezeChain(draft: ChainDraft, freezing: Freezing): ResultNode {
  const { steps, results } = prepareChain(draft.steps, freezing);
  draft.steps = steps.toReversed();
  return results[0] ?? resultNode(freezing.id ?? randomUUID());
}

/** Nested groups become members of the one that they are in. */
export function freezeGroup(draft: GroupDraft, freezing: Freezing): ResultNode & { members: ResultNode[] } {
  const { values } = draft.options;
  const id = idOf(draft) ?? freezing.groupId ?? randomUUID();
  const { groupId, groupIndex } = freezing;
  const rootId = textOf(values['root_id']) ?? freezing.rootId;
  const parentId = textOf(values['parent_id']) ?? freezing.parentId;
  draft.options.values = {
    ...values,
    task_id: id,
    ...(groupId === undefined ? {} : { group_id: groupId }),
    ...(groupIndex === undefined ? {} : { group_index: groupIndex }),
    ...(rootId === undefined ? {} : { root_id: rootId }),
    ...(parentId === undefined ? {} : { parent_id: parentId }),
  };
  if (freezing.chord !== undefined) draft.options.chord = freezing.chord;
  draft.members = flatten(draft.members);
  const members = draft.members.map((member, index) =>
    freeze(member, { groupId, groupIndex: index, chord: freezing.chord, rootId, parentId }),
  );
  return { ...resultNode(id), members };
}

/** The members of a group with those of the groups among them. */
export function flatten(members: readonly Draft[]): Draft[] {
  return members.flatMap((member) => (member.kind === 'group' ? flatten(member.members) : [member]));
}

/** The group's id is the chord's own, under which its parts are counted; its result is that of the body. */
function freezeChord(draft: ChordDraft, freezing: Freezing): ResultNode {
  const { rootId, parentId, id, groupId, groupIndex } = freezing;
  const { header, body, options } = draft;
  const own = idOf(draft);
  // Celery keeps the group's id at the chord, once it is frozen; until then an id of the chord is meant for its body.
  const isFrozen = own !== undefined && idOf(body) !== undefined;
  if (isFrozen && idOf(header) === undefined)
    header.options.values = { ...header.options.values, task_id: own };
  const group = freezeGroup(header, { rootId, parentId, chord: body });
  options.values = { ...options.values, task_id: group.id };
  const bodyId = id ?? (isFrozen ? undefined : own);
  const result = freeze(body, { id: bodyId, rootId, groupId, groupIndex, chord: freezing.chord });
  firstOf(result).parent = group;
  return result;
}

/** A chain that can be sent: its steps and their results, the last first. */
export interface PreparedChain {
  readonly steps: Draft[];
  readonly results: ResultNode[];
}

/**
 * Resolves chains in the chain, and groups that something follows into chords, and gives ids from the last step to the
 * first (celery/canvas.py, `prepare_steps`).
 * @param addition goes to the first step
 */
export function prepareChain(
  chainSteps: readonly Draft[],
  freezing: Freezing,
  addition?: Addition,
  errbacks: readonly Signature[] = [],
): PreparedChain {
  const pending = chainSteps.map(clone);
  const steps: Draft[] = [];
  const results: ResultNode[] = [];
  /** What the result that is frozen next is the parent of. */
  let child: ResultNode | undefined;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    let step = unroll(next);
    if (step.kind === 'chain') {
      pending.push(...unchain(step));
      continue;
    }
    if (pending.length === 0 && addition !== undefined) merge(step, addition);
    const isLast = steps.length === 0;
    const follower = step.kind === 'group' ? steps.pop() : undefined;
    if (step.kind === 'group' && follower !== undefined) {
      results.pop();
      child = results.at(-1);
      if (child !== undefined) child = afterBody(steps.at(-1), child);
      step = chord(step, follower);
    }
    const result = freeze(step, isLast ? freezing : { rootId: freezing.rootId });
    if (child !== undefined) child.parent = result;
    for (const errback of errbacks) linkError(step, errback);
    steps.push(step);
    results.push(result);
    child = step.kind === 'chord' ? firstOf(result) : result;
  }
  return { steps, results };
}

/** The result before which another one is put: that of a chord's header, if the step is a chord. */
function afterBody(step: Draft | undefined, result: ResultNode): ResultNode {
  if (step?.kind !== 'chord') return result;
  const header = idOf(step);
  let node: ResultNode = result;
  while (node.id !== header && node.parent !== undefined) node = node.parent;
  return node;
}

/** The id that a draft has been given: of a group and a chord that of the group. */
export function idOf(draft: Draft): string | undefined {
  return textOf(draft.options.values['task_id']);
}

export function textOf(value: TaskValue | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
