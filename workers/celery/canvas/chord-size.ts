import type { Draft } from './draft.ts';

/**
 * How many ends of tasks a draft adds to the chord that it is a part of: one for a task, for a group those of its
 * members, for a chain those of its last step that has any, for a chord those of its body (celery/canvas.py,
 * `_descend`).
 */
export function chordSize(draft: Draft): number {
  switch (draft.kind) {
    case 'task':
      return 1;
    case 'group':
      return draft.members.reduce((sum, member) => sum + chordSize(member), 0);
    case 'chain':
      return draft.steps.map(chordSize).findLast((size) => size > 0) ?? 0;
    case 'chord':
      return chordSize(draft.body);
  }
}
