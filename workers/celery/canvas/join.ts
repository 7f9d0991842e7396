import { clone } from './clone.ts';
import { type ChainDraft, type ChordDraft, type Draft, type GroupDraft, noOptions } from './draft.ts';
import { link, linkError } from './links.ts';

/** One draft after the other, as `a | b` in Python; a group with something after it becomes a chord. */
export function join(left: Draft, right: Draft): Draft {
  switch (left.kind) {
    case 'group':
      return chord(left, right);
    case 'chain':
      return joinChain(left, right);
    case 'chord':
      return joinChord(left, right);
    case 'task':
      return joinTask(left, right);
  }
}

/** A group of one is that one. */
export function unroll(draft: Draft): Draft {
  const [only, ...others] = draft.kind === 'group' ? draft.members : [];
  return only !== undefined && others.length === 0 ? only : draft;
}

/** The steps of a chain with the links that the chain has, so that they can be steps of another one. */
export function unchain(draft: ChainDraft): Draft[] {
  const steps = draft.steps.map(clone);
  const last = steps.at(-1);
  if (last !== undefined) for (const callback of draft.options.link) link(last, callback);
  for (const errback of draft.options.linkError) for (const step of steps) linkError(step, errback);
  return steps;
}

export function chord(header: GroupDraft, body: Draft): ChordDraft {
  const { args } = header;
  return { kind: 'chord', args, options: noOptions(), immutable: false, header, body, kwargs: {} };
}

function chain(steps: Draft[]): ChainDraft {
  return { kind: 'chain', args: [], options: noOptions(), immutable: false, steps };
}

function joinTask(left: Draft, right: Draft): Draft {
  if (right.kind === 'chain') return chain([left, ...unchain(right)]);
  return chain([left, unroll(right)]);
}

function joinChord(left: ChordDraft, right: Draft): Draft {
  const next = unroll(right);
  if (next.kind === 'group' || next.kind === 'chain') return joinTask(left, next);
  return { ...left, body: join(left.body, next) };
}

function joinChain(left: ChainDraft, right: Draft): Draft {
  if (right.kind === 'chain') return unchain(right).reduce(join, left);
  const next = unroll(right);
  if (next !== right) return join(left, next);
  const last = left.steps.at(-1);
  const before = left.steps.at(-2);
  if (last === undefined) return right.kind === 'group' ? right : chain([right]);
  if (right.kind !== 'group' && last.kind === 'group') {
    const end = chord(last, right);
    if (before?.kind === 'chord')
      return { ...left, steps: [...left.steps.slice(0, -2), { ...before, body: join(before.body, end) }] };
    return { ...left, steps: [...left.steps.slice(0, -1), end] };
  }
  if (right.kind !== 'chord' && last.kind === 'chord')
    return { ...left, steps: [...left.steps.slice(0, -1), { ...last, body: join(last.body, right) }] };
  return chain([...unchain(left), right]);
}
