import { hashInTurn } from '../../base/hashing/lanes.ts'
import type { HashKind } from './kind.ts'

/** `$2x$` is left out: those were made by a faulty crypt_blowfish and verify as something else. */
const form = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/

const costs = { least: 4, most: 14 }

/** bcrypt looks at no more of a password than that, in bytes. */
const looked = 72

/** Provos and Mazières, 1999, as OpenBSD and its many followers write it. */
export const bcrypt: HashKind = {
  name: 'bcrypt',
  begins: /^\$2[abxy]?\$/,
  problem(hash) {
    const cost = form.exec(hash)?.[1]
    if (cost === undefined) return 'must be a whole bcrypt hash: $2b$12$ and 53 characters'
    if (Number(cost) >= costs.least && Number(cost) <= costs.most) return undefined
    return `must have a cost from ${costs.least} to ${costs.most}`
  },
  async verify(hash, text, turn) {
    if (!form.test(hash)) return false
    return hashInTurn(turn, 'bcryptVerify', hash, text)
  },
  decoy(hash) {
    const cost = form.exec(hash)?.[1]
    return cost && `$2b$${cost}$abcdefghijklmnopqrstuu${'.'.repeat(31)}`
  },
  counts: (text) => Buffer.byteLength(text) <= looked,
}
