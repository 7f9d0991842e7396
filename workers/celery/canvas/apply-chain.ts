import { randomUUID } from 'node:crypto';
import { type ChainDraft, noOptions, signatureOf } from './draft.ts';
import { prepareChain, textOf } from './freeze.ts';
import { link } from './links.ts';
import { noAddition } from './merge.ts';
import { numberOf } from './option-values.ts';
import { type ResultNode, resultNode } from './result-node.ts';
import type { Sending } from './sending.ts';

/** Sends the first step of a chain, which carries the others. @returns the result of the last one */
export async function applyChain(draft: ChainDraft, sending: Sending): Promise<ResultNode> {
  const { options } = draft;
  // The parent is left to the one who sends: the body of a chord in the chain gets another one.
  const { task_id, group_id, group_index, root_id, parent_id: _, ...values } = options.values;
  const { steps, results } = prepareChain(
    draft.steps,
    {
      id: textOf(task_id),
      groupId: textOf(group_id),
      groupIndex: numberOf(group_index),
      rootId: textOf(root_id),
      chord: options.chord,
    },
    { ...noAddition, args: draft.args },
    options.linkError,
  );
  const last = steps[0];
  const first = steps.pop();
  const result = results[0];
  if (last === undefined || first === undefined || result === undefined)
    return resultNode(textOf(task_id) ?? randomUUID());
  for (const callback of options.link) link(last, callback);
  const chain = [...(options.chain ?? []), ...steps.map(signatureOf)];
  const added = { ...noOptions(), values, chain };
  const sent = await sending.apply(first, { ...noAddition, options: added }, sending);
  return steps.length === 0 ? sent : result;
}
