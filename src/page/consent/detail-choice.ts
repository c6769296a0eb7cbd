import type { Html } from '../../base/html.ts'
import { html } from '../../base/html.ts'
import type { Piece, Row } from '../../details/words.ts'

/** One authorization detail (RFC 9396) as a person reads it. */
export interface DetailView {
  /** The field that allows it. */
  readonly parameter: string
  readonly type: string
  /** What the realm calls its type. */
  readonly name: string
  /** The realm's sentence with the values in it; empty: it has none. */
  readonly pieces: readonly Piece[]
  /** Every value, where there is no sentence. */
  readonly rows: readonly Row[]
}

/** Each may be left out where there are several; to leave out the only one is to deny. */
export function detailChoice(details: readonly DetailView[]): Html {
  const several = details.length > 1
  const items = details.map((detail) => html`<li>${several ? choice(detail) : said(detail)}</li>\n`)
  return html`<ul class="asked" id="details">\n${items}</ul>\n${several && html`<input type="hidden" name="choose_details" value="on" form="consent_form">\n`}`
}

function choice(detail: DetailView): Html {
  const { parameter } = detail
  return html`<input type="checkbox" form="consent_form" id="${parameter}" name="${parameter}" value="on" checked><label class="choice" for="${parameter}">${said(detail)}</label>`
}

/** Inside a label there is text alone: so the values are a list of spans. */
function said({ name, pieces, rows }: DetailView): Html {
  const sentence = pieces.map(({ text, foreign }) =>
    foreign ? html`<bdi>${text}</bdi>` : html`${text}`,
  )
  const values = rows.map(
    (row) => html`<span class="pair"><bdi>${row.name}</bdi> <bdi>${row.text}</bdi></span>`,
  )
  return html`<span class="said"><b>${name}</b> ${sentence}${values}</span>`
}
