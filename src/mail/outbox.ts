import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { base64url } from '../base/bytes.ts'
import { makeDirectory } from '../base/directory.ts'
import { random } from '../base/random.ts'
import { isoTime, now } from '../base/time.ts'
import type { Address } from './letter.ts'
import type { Deliver } from './smtp.ts'
import { messageOf } from './smtp.ts'

/**
 * A directory in place of a server: each letter is a file there, `<time>-<random>.eml`, complete from the moment at
 * which it is seen.
 */
export function outbox(directory: string, from: Address): Deliver {
  return async (letter) => {
    const { createTransport } = await import('nodemailer')
    const transport = createTransport({
      ...{ streamTransport: true, buffer: true, newline: 'unix' },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    } as const)
    const { message } = await transport.sendMail(messageOf(letter, from))
    const name = `${isoTime(now()).replaceAll(':', '')}-${base64url(random(6))}.eml`
    makeDirectory(directory)
    const unseen = join(directory, `.${name}`)
    await writeFile(unseen, message as Buffer, { mode: 0o600, flag: 'wx' })
    await rename(unseen, join(directory, name))
  }
}
