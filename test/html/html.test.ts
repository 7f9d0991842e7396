import { describe, expect, it } from '@jest/globals';
import { escapeHtml, html } from '../../workers/html/html.ts';
import { page, pageHeaders } from '../../workers/html/page.ts';

describe('html', () => {
  it('escapes every character that can end an element or an attribute', () => {
    expect(escapeHtml(`<a title="x" alt='y'>&</a>`)).toBe(
      '&lt;a title=&quot;x&quot; alt=&#39;y&#39;&gt;&amp;&lt;/a&gt;',
    );
  });

  it('escapes values and keeps the template as it is', () => {
    expect(html`<p>${'<script>'} ${7}</p>`.text).toBe('<p>&lt;script&gt; 7</p>');
  });

  it('takes HTML inside HTML as it is, also in lists', () => {
    const rows = ['a&b', 'c'].map((text) => html`<li>${text}</li>`);
    expect(html`<ul>${rows}</ul>${html`<hr>`}`.text).toBe('<ul><li>a&amp;b</li><li>c</li></ul><hr>');
  });

  it('does not take text that merely looks like HTML in a template for HTML', () => {
    expect(html`<p>${String(html`<b>`)}</p>`.text).toBe('<p>&lt;b&gt;</p>');
  });
});

describe('page', () => {
  it('escapes its title', () => {
    expect(page('a < b', html``)).toContain('<title>a &lt; b</title>');
  });

  it('comes with a policy that lets no script run', () => {
    expect(pageHeaders['content-security-policy']).toContain("default-src 'none'");
    expect(page('x', html``)).not.toContain('<script');
  });
});
