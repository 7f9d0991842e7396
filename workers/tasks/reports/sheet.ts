import PDFDocument from 'pdfkit';
import { loadTypeface, type Weight } from './fonts.ts';

export const colours = {
  ink: '#1f2933',
  muted: '#66727f',
  line: '#dfe3e8',
  panel: '#f5f7f9',
  accent: '#c2410c',
  second: '#0f766e',
} as const;
export type Colour = (typeof colours)[keyof typeof colours];

interface TextStyle {
  readonly size?: number;
  /** Down to which size a long text may shrink. @default its size */
  readonly smallest?: number;
  readonly weight?: Weight;
  readonly colour?: Colour;
  readonly align?: 'left' | 'right' | 'center';
}

/** A rectangle on a page, in points from its top left corner. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const margin = 48;
/** Space at the foot of a page for its number. */
const foot = 44;

/** The A4 pages of a report, written from top to bottom. All lengths are in points. */
export class Sheet {
  readonly doc: PDFKit.PDFDocument;
  readonly left = margin;
  readonly width: number;
  /** Where the next part begins. */
  y = margin;
  readonly #chunks: Buffer[] = [];
  readonly #typeface = loadTypeface();

  constructor(title: string, author: string, created: Date) {
    this.doc = new PDFDocument({
      size: 'A4',
      margin: 0,
      bufferPages: true,
      lang: 'en-GB',
      displayTitle: true,
      // pdfkit takes a font's bytes too, which its types do not say.
      font: this.#typeface.data.regular as unknown as string,
      info: { Title: title, Author: author, CreationDate: created },
    });
    for (const [weight, data] of Object.entries(this.#typeface.data)) this.doc.registerFont(weight, data);
    this.doc.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.width = this.doc.page.width - 2 * margin;
  }

  /** Goes to a new page where less room than this is left. */
  ensure(height: number): boolean {
    if (this.y + height <= this.doc.page.height - foot) return false;
    this.doc.addPage();
    this.y = margin;
    return true;
  }

  /**
   * One line of text, made smaller and then shortened where it is too long. Characters that no font has are left out.
   * @param fallback stands there where nothing is left
   */
  text(text: string, { x, y, width }: Omit<Box, 'height'>, style: TextStyle = {}, fallback = ''): void {
    const { size = 9, smallest = size, weight = 'regular', colour = colours.ink, align = 'left' } = style;
    // Digits of one width, so that columns of numbers are in line.
    const line = this.#typeface.printable(text, fallback);
    const features: PDFKit.Mixins.OpenTypeFeatures[] | undefined = /\d/.test(line) ? ['tnum'] : undefined;
    this.doc.font(weight).fontSize(size).fillColor(colour);
    let taken = this.doc.widthOfString(line, features && { features });
    if (taken > width && smallest < size) {
      const fitting = Math.max(smallest, (size * width) / taken);
      taken *= fitting / size;
      this.doc.fontSize(fitting);
    }
    if (taken > width + 0.01) {
      this.doc.text(line, x, y, { width, height: size * 1.3, ellipsis: true, ...(features && { features }) });
      return;
    }
    const indent = { left: 0, center: (width - taken) / 2, right: width - taken }[align];
    // Without a width to wrap at, a line costs a fraction of the time.
    this.doc.text(line, x + indent, y, { lineBreak: false, ...(features && { features }) });
  }

  /** A heading with the room for what follows it at least. */
  heading(text: string, roomBelow: number): void {
    this.ensure(28 + roomBelow);
    this.text(text, { x: this.left, y: this.y, width: this.width }, { size: 12, weight: 'bold' });
    this.y += 24;
  }

  rule(y: number, x = this.left, width = this.width): void {
    this.doc
      .moveTo(x, y)
      .lineTo(x + width, y)
      .lineWidth(0.5)
      .strokeColor(colours.line)
      .stroke();
  }

  fill({ x, y, width, height }: Box, colour: Colour, radius = 0): void {
    this.doc.roundedRect(x, y, width, height, radius).fill(colour);
  }

  /** Writes a line at the foot of every page, ends the document and returns it. */
  async finish(footer: string): Promise<{ readonly content: Buffer; readonly pages: number }> {
    const { start, count } = this.doc.bufferedPageRange();
    for (let page = start; page < start + count; page++) {
      this.doc.switchToPage(page);
      const y = this.doc.page.height - foot + 12;
      const small = { size: 7.5, colour: colours.muted } as const;
      this.rule(y - 6);
      this.text(footer, { x: this.left, y, width: this.width - 100 }, small);
      const number = `Page ${page - start + 1} of ${count}`;
      this.text(number, { x: this.left, y, width: this.width }, { ...small, align: 'right' });
    }
    const ended = new Promise((resolve, reject) => {
      this.doc.once('end', resolve);
      this.doc.once('error', reject);
    });
    this.doc.end();
    await ended;
    return { content: Buffer.concat(this.#chunks), pages: count };
  }
}
