import { type Html, html } from './html.ts';

/**
 * A whole page for people to look at: no scripts, no resources from elsewhere.
 * Send it with `pageHeaders`.
 */
export function page(title: string, content: Html): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .7rem; border-bottom: 1px solid #ddd; }
code, pre { font: 13px/1.4 ui-monospace, monospace; white-space: pre-wrap; margin: 0; overflow-wrap: anywhere; }
.bad { color: #b00020; }
</style>
</head>
<body>
<h1>${title}</h1>
${content}
</body>
</html>
`.text;
}

/** Headers of a page: should anything ever slip through unescaped, the browser does not run it. */
export const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;
