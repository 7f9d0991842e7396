import { type Box, type Colour, colours, type Sheet } from './sheet.ts';

export interface BarChart {
  readonly title: string;
  /** One for each hour of the day. */
  readonly values: readonly number[];
  readonly colour: Colour;
  /** A value of the axis, whose greatest is `top`. */
  format(value: number, top: number): string;
}

const labelWidth = 36;
const titleHeight = 18;
const axisHeight = 14;

/** Draws a bar for each hour of the day over an axis with round numbers. */
export function drawBarChart(sheet: Sheet, box: Box, { title, values, colour, format }: BarChart): void {
  sheet.text(
    title,
    { x: box.x, y: box.y, width: box.width },
    { size: 9, weight: 'medium', colour: colours.muted },
  );
  const plot = {
    x: box.x + labelWidth,
    y: box.y + titleHeight,
    width: box.width - labelWidth,
    height: box.height - titleHeight - axisHeight,
  };
  const ticks = ticksUpTo(Math.max(...values));
  const top = ticks.at(-1) ?? 1;
  const small = { size: 7, colour: colours.muted } as const;
  for (const tick of ticks) {
    const y = plot.y + plot.height * (1 - tick / top);
    sheet.rule(y, plot.x, plot.width);
    sheet.text(
      format(tick, top),
      { x: box.x, y: y - 4, width: labelWidth - 6 },
      { ...small, align: 'right' },
    );
  }
  const step = plot.width / values.length;
  for (const [hour, value] of values.entries()) {
    const x = plot.x + hour * step;
    const height = (plot.height * value) / top;
    if (value > 0)
      sheet.fill({ x: x + step * 0.15, y: plot.y + plot.height - height, width: step * 0.7, height }, colour);
    if (hour % 3 === 0) {
      const label = { x: x - 10, y: plot.y + plot.height + 4, width: step + 20 };
      sheet.text(String(hour).padStart(2, '0'), label, { ...small, align: 'center' });
    }
  }
}

/** From 0 in round steps of whole numbers to at least the value, three to six of them. */
export function ticksUpTo(value: number): readonly number[] {
  if (value <= 0) return [0, 1];
  const rough = value / 4;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough) ?? 10));
  return Array.from({ length: Math.ceil(value / step) + 1 }, (_, i) => i * step);
}
