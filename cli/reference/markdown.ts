/** A Markdown table; a `|` inside a cell is escaped. */
export function markdownTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)];
}

/** The line that tells readers of a generated page not to edit it. */
export const generatedNote =
  '<!-- Generated from the declarations by `npm run smarteats -- reference`; edit those instead. -->';
