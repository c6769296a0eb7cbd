import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { parseJson } from '../base/json.ts'
import { random } from '../base/random.ts'
import { jwtWorks } from './jws.ts'

/** What is computed outside the interpreter, from texts and nothing else. Bytes travel as base64. */
const works: Readonly<Record<string, (...args: readonly string[]) => string>> = {
  ...jwtWorks,
  random: (count = '') => random(Math.min(Number(count) || 0, 4096)).toString('base64'),
  digest: (algorithm = '', data = '') =>
    createHash(hashOf(algorithm)).update(data, 'base64').digest('base64'),
  hmac: (algorithm = '', key = '', data = '') =>
    createHmac(hashOf(algorithm), Buffer.from(key, 'base64'))
      .update(data, 'base64')
      .digest('base64'),
  same(a = '', b = '') {
    const [one, other] = [Buffer.from(a, 'base64'), Buffer.from(b, 'base64')] as const
    return String(one.length === other.length && timingSafeEqual(one, other))
  },
}

const hashes: Readonly<Record<string, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  MD5: 'md5',
}

function hashOf(name: string): string {
  const found = Object.hasOwn(hashes, name) ? hashes[name] : undefined
  // No part of what may be a secret is told.
  const shown = name.length > 50 ? 'of so long a name' : name
  if (found === undefined) throw new Error(`the algorithm ${shown} is not there`)
  return found
}

/** @throws Error for the script */
export function machine(name: string, args: string): string {
  const work = Object.hasOwn(works, name) ? works[name] : undefined
  const texts = parseJson(args)
  if (work === undefined || !Array.isArray(texts)) throw new Error('there is no such work')
  return work(...(texts as readonly unknown[]).map(String))
}
