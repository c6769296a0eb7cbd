import { argon2Verify, usualCost } from '../../base/argon2.ts'
import type { HashKind } from './kind.ts'

/** As PHC writes it: memory in KiB, passes, lanes, salt and hash in base64. */
const form =
  /^\$argon2(id|i|d)\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$[A-Za-z0-9+/]{11,86}\$[A-Za-z0-9+/]{22,86}$/

/** A login is to cost neither much more nor much less than with a hash made here. */
const memory = { least: 7168, most: 262_144 }
const mostPasses = 10
const mostLanes = 8

/** 32 bytes that were drawn, not computed, behind a salt. */
const drawn = '26ukGV0JttJnUE/zDzY/Aw$PixVvvi+nt+xNJ0vcqvQaHanDnQHDFELNOjLPXJcvHM'

/** Hash of a password nobody has: what unknown users cost. */
export const nobody = `$argon2id$v=19$m=${usualCost.memoryCost},t=${usualCost.timeCost},p=1$${drawn}`

/** How hashes made here begin. */
const ours = '$argon2id$v=19$'

/** Whether it is of the kind that is made here, so that no better one is made of it. */
export function isOurs(hash: string): boolean {
  return hash.startsWith(ours)
}

/** RFC 9106. The kinds `i` and `d` are verified, but none is made. */
export const argon2: HashKind = {
  name: 'Argon2',
  begins: /^\$argon2/,
  problem(hash) {
    const [, , ...costs] = form.exec(hash) ?? []
    if (costs.length === 0)
      return 'must be an Argon2 hash in PHC form: $argon2id$v=19$m=19456,t=2,p=1$salt$hash'
    const [m = 0, t = 0, p = 0] = costs.map(Number)
    const good = m >= memory.least && m <= memory.most && t >= 1 && t <= mostPasses
    if (good && p >= 1 && p <= mostLanes) return undefined
    return `must have m from ${memory.least} to ${memory.most}, t from 1 to ${mostPasses}, p from 1 to ${mostLanes}`
  },
  verify: argon2Verify,
  decoy(hash) {
    const [, kind, ...costs] = form.exec(hash) ?? []
    const [m = 0, t = 0, p = 0] = costs.map(Number)
    if (m * t <= 2 * usualCost.memoryCost * usualCost.timeCost) return undefined
    return `$argon2${kind}$v=19$m=${m},t=${t},p=${p}$${drawn}`
  },
}
