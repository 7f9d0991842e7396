import { english } from './english.ts';
import { german } from './german.ts';
import type { Wording } from './wording.ts';

const languages: Readonly<Record<string, Wording>> = { en: english, de: german };

/** The words for a locale: those of its language, and English where there are none. */
export function wordingFor(locale: string): Wording {
  return languages[locale.split('-')[0]?.toLowerCase() ?? ''] ?? english;
}
