import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

// Usage: node charts/image/bundle.mjs <directory>
// Writes the program of all services with every library it uses: run it as `node <directory>/services/main.mjs <role>`.

const [directory = 'dist/image'] = process.argv.slice(2);
const checkout = fileURLToPath(new URL('../../', import.meta.url));

/** @type {Record<string, string>} The programs, also those that threads run, by the names of their files. */
const programs = JSON.parse(readFileSync(join(checkout, 'workers/entry-points.json'), 'utf8'));

rmSync(directory, { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(
    Object.entries(programs).map(([name, path]) => [name, join(checkout, 'workers', path)]),
  ),
  outdir: join(directory, 'services'),
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // What only one role imports goes into a file of its own, so that the others do not load it.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'external',
  // It holds native code, which cannot be part of a bundle.
  external: ['sharp'],
  logLevel: 'warning',
  // Libraries in the older module format expect these three.
  banner: {
    js: [
      "import { createRequire as __createRequire } from 'node:module';",
      "import { dirname as __directoryOf } from 'node:path';",
      "import { fileURLToPath as __pathOf } from 'node:url';",
      'const require = __createRequire(import.meta.url);',
      'const __filename = __pathOf(import.meta.url);',
      'const __dirname = __directoryOf(__filename);',
    ].join('\n'),
  },
});

// The library of pictures lies beside the bundle, with what it needs itself.
const modules = join(checkout, 'node_modules');
for (const name of ['sharp', '@img', 'detect-libc', 'semver'])
  cpSync(join(modules, name), join(directory, 'node_modules', name), { recursive: true });

// The page of the API description reads its assets beside its own code: `../static` from the bundle's directory.
const workers = createRequire(join(checkout, 'workers/package.json'));
cpSync(join(dirname(workers.resolve('@fastify/swagger-ui')), 'static'), join(directory, 'static'), {
  recursive: true,
});

// The classifier of pictures looks for its engine beside the code that loads it.
const engine = 'ort-wasm-simd-threaded.wasm';
cpSync(join(dirname(workers.resolve('onnxruntime-web')), engine), join(directory, 'services', engine));

// Reports read their typeface beside their own code: `../fonts`.
mkdirSync(join(directory, 'fonts'), { recursive: true });
for (const file of ['400Regular/Inter_400Regular', '500Medium/Inter_500Medium', '700Bold/Inter_700Bold']) {
  cpSync(
    workers.resolve(`@expo-google-fonts/inter/${file}.ttf`),
    join(directory, 'fonts', `${file.split('/')[1]}.ttf`),
  );
}
