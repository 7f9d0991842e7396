import { chordSize } from './chord-size.ts';
import { type ChordDraft, type DraftOptions, noOptions } from './draft.ts';
import { freeze, freezeGroup } from './freeze.ts';
import { mergeOptions, noAddition } from './merge.ts';
import { type ResultNode, tupleOf } from './result-node.ts';
import type { Sending } from './sending.ts';

/**
 * Sends the header of a chord, of which every part carries the body; an empty header sends the body at once. What the
 * chord is a part of, what follows it and what is linked to it belong to its body.
 *
 * The size is stored before anything is sent, so that it is known whenever the last part ends.
 */
export async function applyChord(draft: ChordDraft, sending: Sending): Promise<ResultNode> {
  const { header, options } = draft;
  draft.body.options = bodyOptions(draft);
  const { body } = draft;
  const rootId = body.options.values['root_id'];
  const root = typeof rootId === 'string' ? { rootId } : {};
  const result = freeze(draft, root);
  const groupId = String(header.options.values['task_id']);
  const parts = freezeGroup(header, { ...root, groupId, chord: body });
  const size = chordSize(header);
  if (size === 0) {
    await sending.apply(body, { ...noAddition, args: [[]] }, sending);
    return result;
  }
  const { backend } = sending.deps;
  if (parts.members.some(({ members }) => members !== undefined))
    await backend.saveGroup(groupId, tupleOf(parts));
  await backend.setChordSize(groupId, size);
  const { group_index: _, countdown: __, ...values } = options.values;
  const added = { ...noOptions(), values: { ...values, task_id: groupId, group_id: groupId } };
  const addition = { args: draft.args, kwargs: draft.kwargs, options: { ...added, chord: body } };
  await sending.apply(header, addition, sending);
  return result;
}

function bodyOptions({ body, options }: ChordDraft): DraftOptions {
  // The part that ends last is the parent of the body.
  const { task_id: _, parent_id: __, ...values } = options.values;
  const merged = mergeOptions(body.options, { ...options, values, link: [], linkError: [] });
  const { group_id } = values;
  const chain =
    options.chain === undefined && body.options.chain === undefined
      ? undefined
      : [...(options.chain ?? []), ...(body.options.chain ?? [])];
  return {
    ...merged,
    values: { ...merged.values, ...(typeof group_id === 'string' ? { group_id } : {}) },
    link: [...body.options.link, ...options.link],
    linkError: [...body.options.linkError, ...options.linkError],
    chain,
  };
}
