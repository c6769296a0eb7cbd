/**
 * page: data → HTML text. Everything a person sees; no request, no store, no decision. Pages need no
 * script and take all looks from one stylesheet, so that the policy of `headers.ts` holds.
 */
import type { Html } from '../base/html.ts'
import { attributes, html, htmlText } from '../base/html.ts'
import { mark, stylesheet } from './static-file.ts'

export interface Layout {
  /** BCP 47. */
  readonly lang: string
  readonly title: string
  readonly main: Html
  /** Small print below the card. */
  readonly foot?: Html | undefined
  /** Instead of the product's mark: a registered logo, already through `shownAddress`. */
  readonly logo?: string | undefined
  /** Wide pages hold more than one short form. */
  readonly wide?: boolean
  /** Written at the end of the body; only `form-post.ts` has a script. */
  readonly script?: Html
}

/** A whole document. */
export function layout(page: Layout): string {
  const logo =
    page.logo === undefined
      ? html`<img class="mark" src="${mark.href}" alt="" width="40" height="40">`
      : html`<img class="logo" src="${page.logo}" alt="" height="56">`
  return htmlText(html`<!doctype html>
<html lang="${page.lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${page.title}</title>
<link rel="stylesheet" href="${stylesheet.href}">
<link rel="icon" href="${mark.href}" type="${mark.type}">
</head>
<body>
<main ${attributes({ class: page.wide ? 'wide' : 'card' })}>
${logo}
${page.main}
</main>
${page.foot && html`<footer>${page.foot}</footer>\n`}${page.script}</body>
</html>
`)
}

/** Somebody else's words inside our sentence: set apart, whatever direction they are written in. */
export function foreign(text: string): Html {
  return html`<bdi class="name">${text}</bdi>`
}

/** Hidden fields, in order. */
export function hiddenFields(fields: Iterable<readonly [name: string, value: string]>): Html[] {
  return [...fields].map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`,
  )
}
