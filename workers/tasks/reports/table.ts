import { colours, type Sheet } from './sheet.ts';

export interface Column<Row> {
  readonly title: string;
  /** Share of the table's width. */
  readonly share: number;
  readonly align?: 'left' | 'right';
  text(row: Row): string;
  /** What stands there where no character of the text can be printed. */
  fallback?(row: Row): string;
}

const rowHeight = 17;
const headHeight = 20;
const gap = 8;

/** Writes a table over as many pages as it needs, its head on each, with a last row that stands out. */
export function drawTable<Row>(
  sheet: Sheet,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  total?: (column: number) => string,
): void {
  const cells = cellsOf(sheet, columns);
  drawHead(sheet, columns, cells);
  for (const [index, row] of rows.entries()) {
    if (sheet.ensure(rowHeight)) drawHead(sheet, columns, cells);
    if (index % 2 === 1) {
      sheet.fill({ x: sheet.left, y: sheet.y, width: sheet.width, height: rowHeight }, colours.panel);
    }
    for (const [position, column] of columns.entries()) {
      const { x, width } = cells[position] ?? { x: 0, width: 0 };
      const { align = 'left' } = column;
      sheet.text(
        column.text(row),
        { x, y: sheet.y + 4, width },
        { size: 8.5, smallest: smallestOf(align), align },
        column.fallback?.(row),
      );
    }
    sheet.y += rowHeight;
  }
  if (total === undefined) return;
  if (sheet.ensure(rowHeight + 4)) drawHead(sheet, columns, cells);
  sheet.rule(sheet.y + 1);
  for (const [position, { align = 'left' }] of columns.entries()) {
    const { x, width } = cells[position] ?? { x: 0, width: 0 };
    sheet.text(
      total(position),
      { x, y: sheet.y + 6, width },
      { size: 8.5, smallest: smallestOf(align), weight: 'bold', align },
    );
  }
  sheet.y += rowHeight + 4;
}

/** A number may shrink but never lose its end; words may. */
function smallestOf(align: 'left' | 'right'): number {
  return align === 'right' ? 5 : 8.5;
}

function cellsOf<Row>(
  sheet: Sheet,
  columns: readonly Column<Row>[],
): readonly { readonly x: number; readonly width: number }[] {
  const shares = columns.reduce((sum, { share }) => sum + share, 0);
  const room = sheet.width - gap * (columns.length + 1);
  let x = sheet.left + gap;
  return columns.map(({ share }) => {
    const cell = { x, width: (room * share) / shares };
    x += cell.width + gap;
    return cell;
  });
}

function drawHead<Row>(
  sheet: Sheet,
  columns: readonly Column<Row>[],
  cells: readonly { readonly x: number; readonly width: number }[],
): void {
  for (const [position, { title, align = 'left' }] of columns.entries()) {
    const { x, width } = cells[position] ?? { x: 0, width: 0 };
    const style = { size: 7.5, weight: 'medium', colour: colours.muted, align } as const;
    sheet.text(title, { x, y: sheet.y + 4, width }, style);
  }
  sheet.rule(sheet.y + headHeight - 2);
  sheet.y += headHeight;
}
