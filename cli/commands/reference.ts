import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { referencePages } from '../reference/pages.ts';

/** `smarteats reference`: writes the pages of `docs/` that follow from the declarations. */
export async function writeReference(directory: string): Promise<void> {
  for (const [name, render] of Object.entries(referencePages)) {
    const file = join(directory, name);
    await writeFile(file, render());
    console.log(`wrote ${file}`);
  }
}
