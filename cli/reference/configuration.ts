import type { VariableDeclaration } from '../../workers/platform/environment.ts';
import { generatedNote, markdownTable } from './markdown.ts';

/** The reference page of every environment variable, as Markdown. */
export function renderConfiguration(environment: Readonly<Record<string, VariableDeclaration>>): string {
  return [
    '# Configuration',
    '',
    generatedNote,
    '',
    'Every service reads its configuration from environment variables and checks all of them at its start.',
    'An empty variable counts as not set. Secret values are never printed.',
    '',
    ...markdownTable(
      ['Variable', 'Meaning', 'Default', 'Secret', 'Read by'],
      Object.entries(environment).map(([name, declaration]) => [
        `\`${name}\``,
        declaration.description,
        defaultOf(declaration),
        declaration.secret === true ? 'yes' : '',
        readersOf(declaration),
      ]),
    ),
    '',
  ].join('\n');
}

function defaultOf({ schema }: VariableDeclaration): string {
  const unset = schema.safeParse(undefined);
  if (!unset.success) return 'required';
  return unset.data === undefined || unset.data === '' ? '' : `\`${unset.data}\``;
}

function readersOf({ usedBy = [], usedWith = [] }: VariableDeclaration): string {
  if (usedBy === 'all') return 'every service';
  const users = usedWith.length > 0 ? [`services that use ${usedWith.join(' or ')}`] : [];
  return [...usedBy, ...users].join(', ');
}
