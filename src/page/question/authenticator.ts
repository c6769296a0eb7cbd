import { type HtmlValue, html } from '../../base/html.ts'
import type { Messages } from '../messages/message.ts'
import { qrCode } from '../qr/qr-code.ts'

/** What an authenticator app reads: a picture, and the key for whoever types it. */
export function authenticator({ question }: Messages, address: string): HtmlValue {
  const { picture, key } = question.ownAccount
  const secret = /^otpauth:.*[?&]secret=([A-Z2-7]+)/.exec(address)?.[1]
  if (secret === undefined) return undefined
  const groups = (secret.match(/.{1,4}/g) ?? []).join(' ')
  return html`${drawn(address, picture)}<p>${key}<br><code id="secret">${groups}</code></p>\n`
}

/** Modules around a picture that stay light. */
const margin = 4

function drawn(text: string, label: string): HtmlValue {
  const rows = qrCode(text)
  if (rows === undefined) return undefined
  const size = rows.length + 2 * margin
  const path = rows.flatMap((row, y) =>
    row.flatMap((dark, x) => (dark ? [`M${x + margin} ${y + margin}h1v1h-1z`] : [])),
  )
  return html`<svg viewBox="0 0 ${size} ${size}" width="240" height="240" shape-rendering="crispEdges" role="img" aria-label="${label}">
<rect width="${size}" height="${size}" fill="#fff"/>
<path d="${path.join('')}" fill="#000"/>
</svg>
`
}
