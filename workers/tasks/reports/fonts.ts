import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

const files = {
  regular: '@expo-google-fonts/inter/400Regular/Inter_400Regular.ttf',
  medium: '@expo-google-fonts/inter/500Medium/Inter_500Medium.ttf',
  bold: '@expo-google-fonts/inter/700Bold/Inter_700Bold.ttf',
} as const;

export type Weight = keyof typeof files;

/** The typeface of reports, which has the letters of Latin, Greek, Cyrillic and Vietnamese. */
export interface Typeface {
  readonly data: Readonly<Record<Weight, Buffer>>;
  /** A text without the characters that the typeface lacks, such as emoji; the fallback where nothing is left. */
  printable(text: string, fallback: string): string;
}

let loaded: Typeface | undefined;

/** Reads the typeface, once for each thread. */
export function loadTypeface(): Typeface {
  loaded ??= typefaceOf({ regular: read('regular'), medium: read('medium'), bold: read('bold') });
  return loaded;
}

function typefaceOf(data: Readonly<Record<Weight, Buffer>>): Typeface {
  const font = create(data.regular);
  if (!('hasGlyphForCodePoint' in font)) throw new Error('the typeface is a collection of several');
  return { data, printable: (text, fallback) => printable(font, text) || fallback };
}

function printable(font: Font, text: string): string {
  const known = [...text.normalize('NFC')].filter((character) =>
    font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0),
  );
  return known.join('').replace(/\s+/g, ' ').trim();
}

/** The files lie in their package, or beside the program where that is bundled into one. */
function read(weight: Weight): Buffer {
  const beside = fileURLToPath(new URL(`../fonts/${basename(files[weight])}`, import.meta.url));
  return readFileSync(existsSync(beside) ? beside : createRequire(import.meta.url).resolve(files[weight]));
}
