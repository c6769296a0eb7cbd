/** What people have away from their browser: an authenticator app, and a mailbox. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

/** RFC 6238 with the values that apps take for granted: six digits, thirty seconds, SHA-1. */
export function codeOf(uri: string): string {
  const secret = new URL(uri).searchParams.get('secret') ?? ''
  const bits = [...secret].map((sign) => base32.indexOf(sign).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)))
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)))
  const mac = createHmac('sha1', key).update(step).digest()
  const at = (mac.at(-1) ?? 0) & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The link in the only letter, once it is there. */
export async function linkIn(directory: string): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const [name, more] = existsSync(directory)
      ? readdirSync(directory).filter((each) => !each.startsWith('.'))
      : []
    assert.equal(more, undefined)
    if (name !== undefined) {
      const text = readFileSync(join(directory, name), 'utf8')
        .replaceAll('=\n', '')
        .replaceAll('=3D', '=')
      const link = /https?:\/\/\S+suspendedId=[\w-]+/.exec(text)?.[0]
      assert.ok(link, text)
      return link
    }
    await setTimeout(50)
  }
  throw new Error('no letter came')
}
