import { randomUUID } from 'node:crypto';
import { clone } from './clone.ts';
import { type GroupDraft, noOptions } from './draft.ts';
import { flatten, freeze, idOf, textOf } from './freeze.ts';
import { link, linkError } from './links.ts';
import { type Addition, merge, noAddition } from './merge.ts';
import { type ResultNode, resultNode } from './result-node.ts';
import type { Sending } from './sending.ts';

/** Sends every member of a group. @param kwargs for every member */
export async function applyGroup(
  draft: GroupDraft,
  kwargs: Addition['kwargs'],
  sending: Sending,
): Promise<ResultNode> {
  const groupId = idOf(draft) ?? randomUUID();
  const { task_id: _, group_index: __, ...values } = draft.options.values;
  const rootId = textOf(values['root_id']);
  for (const callback of draft.options.link) link(draft, callback);
  for (const errback of draft.options.linkError) linkError(draft, errback);
  const members = flatten(draft.members).map(clone);
  const results = members.map((member, groupIndex) => {
    merge(member, { ...noAddition, args: draft.args, kwargs });
    return freeze(member, { groupId, rootId, groupIndex });
  });
  const { chord, chain } = draft.options;
  const options = { ...noOptions(), values: { ...values, group_id: groupId }, chord, chain };
  await Promise.all(
    members.map((member) => sending.apply(member, { ...noAddition, options }, { ...sending, trail: [] })),
  );
  const [only, ...others] = results;
  // A chain that ends in a group, alone in a group, has that group's results.
  const isNested = only?.members !== undefined && others.length === 0;
  const result = isNested ? only : resultNode(groupId, results);
  if (members.length > 0) sending.trail.push(result);
  return result;
}
