import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** A file the pages point to, read once when the server starts. */
export interface StaticFile {
  /** Below `/am`. */
  readonly path: string
  readonly type: string
  readonly body: Buffer
  /** RFC 9110 §8.8.3, with its quotes. */
  readonly etag: string
  /** Address for pages: it changes with the content, so browsers may keep the answer. */
  readonly href: string
}

/** The one stylesheet of all pages. */
export const stylesheet: StaticFile = staticFile('parapet.css', 'text/css;charset=UTF-8')

/** The mark of the product, for tabs and page heads. */
export const mark: StaticFile = staticFile('parapet.svg', 'image/svg+xml')

/** Copies what an error page says. */
export const copyScript: StaticFile = moduleFile('copy.js')

/** Shows what stands in secret fields. */
export const revealScript: StaticFile = moduleFile('reveal.js')

/** Asks again after a while. */
export const waitScript: StaticFile = moduleFile('wait.js')

/** What a device says of itself. */
export const deviceScript: StaticFile = moduleFile('device.js')

/** Asks the browser for a passkey. */
export const passkeyScript: StaticFile = moduleFile('passkey.js')

/** All that pages load. */
export const staticFiles: readonly StaticFile[] = [
  ...[stylesheet, mark, copyScript],
  ...[revealScript, waitScript, deviceScript, passkeyScript],
]

function moduleFile(name: string): StaticFile {
  return staticFile(name, 'text/javascript;charset=UTF-8')
}

function staticFile(name: string, type: string): StaticFile {
  const body = readFileSync(new URL(name, import.meta.url))
  const version = hash('sha256', body, 'base64url').slice(0, 16)
  const path = `/XUI/${name}`
  return { path, type, body, etag: `"${version}"`, href: `/am${path}?v=${version}` }
}
