/**
 * Where a program of ours lies that another thread is to run: as TypeScript beside the sources, or, in a bundle, as
 * JavaScript of the same name beside all other files of the bundle.
 *
 * @param path relative to the module that asks, ending in `.ts`
 * @param from `import.meta.url` of the module that asks
 */
export function programUrl(path: string, from: string): URL {
  if (from.endsWith('.ts')) return new URL(path, from);
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.ts$/, '.mjs');
  return new URL(name, from);
}
