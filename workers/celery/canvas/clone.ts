import type { Draft } from './draft.ts';

/**
 * A copy that can be given ids and arguments of its own. The body that it carries as a part of a chord is not copied,
 * since every part must carry the same one; freezing a chord gives its parts the chord's own body again.
 */
export function clone(draft: Draft): Draft {
  const { values, link, linkError, chord, chain } = draft.options;
  const options = { values: { ...values }, link: [...link], linkError: [...linkError], chord, chain };
  switch (draft.kind) {
    case 'task':
      return { ...draft, options };
    case 'chain':
      return { ...draft, options, steps: draft.steps.map(clone) };
    case 'group':
      return { ...draft, options, members: draft.members.map(clone) };
    case 'chord': {
      const { header } = draft;
      const headerOptions = { ...header.options, values: { ...header.options.values } };
      const members = header.members.map(clone);
      return {
        ...draft,
        options,
        header: { ...header, options: headerOptions, members },
        body: clone(draft.body),
      };
    }
  }
}
