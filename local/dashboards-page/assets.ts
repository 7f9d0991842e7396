import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** What the page consists of, by its path. */
export type Assets = Readonly<Record<string, string>>;

const shell = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>SmartEats dashboards</title>
<link rel="stylesheet" href="page.css">
<script type="module" src="page.js"></script>
<body></body>
</html>
`;

const source = (name: string) => fileURLToPath(new URL(`browser/${name}`, import.meta.url));

/** Compiles the page and its style sheet, uPlot's included. */
export async function buildAssets(): Promise<Assets> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import 'uplot/dist/uPlot.min.css'; import './page.css'; import './page.ts';`,
      resolveDir: source('.'),
    },
    outdir: source('.'),
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2023',
    logLevel: 'silent',
  });
  const textOf = (ending: string) => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { '/': shell, '/page.js': textOf('.js'), '/page.css': textOf('.css') };
}
