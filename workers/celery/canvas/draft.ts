import type { Signature, SubtaskType } from '../protocol/signature.ts';
import { type Kwargs, TaggedValue, type TaskValue } from '../protocol/value.ts';

/** Options of `apply_async`, with those that are calls themselves apart from the rest. */
export interface DraftOptions {
  values: Record<string, TaskValue>;
  link: Signature[];
  linkError: Signature[];
  /** The body of the chord that it is a part of: the same object in every part, since it is frozen after them. */
  chord: Draft | undefined;
  /** What follows, last step first. */
  chain: readonly Signature[] | undefined;
}

interface DraftBase {
  args: readonly TaskValue[];
  options: DraftOptions;
  immutable: boolean;
}

/** A plain call. */
export interface TaskDraft extends DraftBase {
  readonly kind: 'task';
  readonly task: string;
  readonly subtaskType: SubtaskType;
  kwargs: Kwargs;
}

/** Steps one after the other, first step first. */
export interface ChainDraft extends DraftBase {
  readonly kind: 'chain';
  steps: Draft[];
}

/** Members at the same time. */
export interface GroupDraft extends DraftBase {
  readonly kind: 'group';
  members: Draft[];
}

/** A group, and what is called with its results. */
export interface ChordDraft extends DraftBase {
  readonly kind: 'chord';
  header: GroupDraft;
  body: Draft;
  /** For every call of the header. */
  kwargs: Kwargs;
}

/**
 * A signature while ids are given to it. It is altered in place, unlike a signature: Celery gives ids to the body of a
 * chord after the parts that carry it (celery/canvas.py, `freeze`).
 */
export type Draft = TaskDraft | ChainDraft | GroupDraft | ChordDraft;

/** Options that are calls, under the names that they have on the wire. */
const calls: ReadonlySet<string> = new Set(['link', 'link_error', 'chord', 'chain']);

export function noOptions(): DraftOptions {
  return { values: {}, link: [], linkError: [], chord: undefined, chain: undefined };
}

/** A draft of its own: what happens to it does not touch the signature. */
export function draftOf(signature: Signature): Draft {
  const { task, args, kwargs, immutable, subtask_type } = signature;
  const base = { args, immutable, options: draftOptions(signature.options) };
  switch (subtask_type) {
    case 'chain':
      return { kind: 'chain', ...base, steps: signaturesIn(kwargs['tasks']).map(draftOf) };
    case 'group':
      return { kind: 'group', ...base, members: signaturesIn(kwargs['tasks']).map(draftOf) };
    case 'chord':
      return chordOf(signature, base);
    case 'chunks':
      return { kind: 'group', ...base, args: [], members: chunksOf(kwargs) };
    default: {
      const isMap = subtask_type === 'xmap' || subtask_type === 'xstarmap';
      return {
        kind: 'task',
        ...base,
        immutable: immutable || isMap,
        task,
        kwargs,
        subtaskType: subtask_type,
      };
    }
  }
}

/** The draft as Celery would serialize it. */
export function signatureOf(draft: Draft): Signature {
  const common = { args: draft.args, options: optionsOnWire(draft.options), immutable: draft.immutable };
  switch (draft.kind) {
    case 'task':
      return { task: draft.task, ...common, kwargs: draft.kwargs, subtask_type: draft.subtaskType };
    case 'chain':
      return {
        task: 'celery.chain',
        ...common,
        kwargs: { tasks: draft.steps.map(signatureOf) },
        subtask_type: 'chain',
      };
    case 'group':
      return {
        task: 'celery.group',
        ...common,
        kwargs: { tasks: draft.members.map(signatureOf) },
        subtask_type: 'group',
      };
    case 'chord': {
      const header = signatureOf(withoutChord(draft.header));
      return {
        task: 'celery.chord',
        ...common,
        kwargs: { kwargs: draft.kwargs, header, body: signatureOf(draft.body) },
        subtask_type: 'chord',
      };
    }
  }
}

/** Whoever sends the chord gives its parts the body, which would be written once for each of them otherwise. */
function withoutChord(header: GroupDraft): GroupDraft {
  const bare = (draft: Draft): Draft => ({ ...draft, options: { ...draft.options, chord: undefined } });
  return { ...header, options: { ...header.options, chord: undefined }, members: header.members.map(bare) };
}

/** The signatures in an option, which is a list, a single one or nothing. */
export function signaturesIn(value: TaskValue | undefined): Signature[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((each: TaskValue) => signaturesIn(each));
  const signature = asSignature(value);
  return signature === undefined ? [] : [signature];
}

export function draftOptions(options: Kwargs): DraftOptions {
  const { link, link_error, chord, chain } = options;
  const [body] = signaturesIn(chord);
  return {
    // Python writes None for what is not given.
    values: Object.fromEntries(
      Object.entries(options).filter(([name, value]) => !calls.has(name) && value !== null),
    ),
    link: signaturesIn(link),
    linkError: signaturesIn(link_error),
    chord: body && draftOf(body),
    chain: chain === null || chain === undefined ? undefined : signaturesIn(chain),
  };
}

function optionsOnWire({ values, link, linkError, chord, chain }: DraftOptions): Kwargs {
  return {
    ...values,
    ...(link.length > 0 ? { link } : {}),
    ...(linkError.length > 0 ? { link_error: linkError } : {}),
    ...(chord === undefined ? {} : { chord: signatureOf(chord) }),
    ...(chain === undefined ? {} : { chain }),
  };
}

function chordOf(signature: Signature, base: DraftBase): Draft {
  const { header, body, kwargs } = signature.kwargs;
  const [end] = signaturesIn(body);
  const group = headerOf(header);
  // Celery lets a chord without a body be sent, and fails on the way; its header is what can be run of it.
  if (end === undefined) return group;
  return { kind: 'chord', ...base, header: group, body: draftOf(end), kwargs: kwargsIn(kwargs) };
}

/** A header is a group or a list; a chain in its place stands for its steps (celery/canvas.py, `_maybe_group`). */
function headerOf(header: TaskValue | undefined): GroupDraft {
  const [only, ...others] = signaturesIn(header).map(draftOf);
  if (only !== undefined && others.length === 0) {
    if (only.kind === 'group') return only;
    if (only.kind === 'chain' && !Array.isArray(header)) return groupDraft(only.steps);
  }
  return groupDraft(only === undefined ? [] : [only, ...others]);
}

export function groupDraft(members: Draft[]): GroupDraft {
  return { kind: 'group', args: [], options: noOptions(), immutable: false, members };
}

function chunksOf(kwargs: Kwargs): Draft[] {
  const { task, it, n } = kwargs;
  const items: readonly TaskValue[] = Array.isArray(it) ? it : [];
  const size = Math.max(1, Number(n));
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => ({
    kind: 'task',
    task: 'celery.starmap',
    subtaskType: 'xstarmap',
    args: [],
    kwargs: { task: task ?? null, it: items.slice(index * size, (index + 1) * size) },
    options: noOptions(),
    immutable: true,
  }));
}

function asSignature(value: TaskValue): Signature | undefined {
  if (!isMapping(value)) return undefined;
  const { task, args, kwargs, options, subtask_type, immutable } = value;
  if (typeof task !== 'string') return undefined;
  return {
    task,
    args: Array.isArray(args) ? args : [],
    kwargs: kwargsIn(kwargs),
    options: kwargsIn(options),
    subtask_type: subtaskTypes.find((type) => type === subtask_type) ?? null,
    immutable: immutable === true,
  };
}

const subtaskTypes: readonly SubtaskType[] = ['chain', 'group', 'chord', 'chunks', 'xmap', 'xstarmap'];

function kwargsIn(value: TaskValue | undefined): Kwargs {
  return isMapping(value) ? value : {};
}

function isMapping(value: TaskValue | undefined): value is Kwargs {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof TaggedValue)
  );
}
