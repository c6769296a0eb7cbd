import { createHmac } from 'node:crypto'
import { argon2Hash } from '../../base/argon2.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Realm } from '../../realm/realm.ts'
import type { EndUser } from '../../user/end-user.ts'
import { noteOf } from '../../user/notes.ts'
import { plainUsername } from '../../user/username.ts'
import { localized } from '../node-setting.ts'
import type { KbaSettings } from './idm-configuration.ts'

/** An answer that an account keeps to one question. */
export interface KeptAnswer {
  readonly question: string
  readonly hash: string
}

/** Case, spaces around and how many stand between do not count in answers. */
export function plainAnswer(answer: string): string {
  return plainUsername(answer.slice(0, 1024))
}

/** As it is kept (PingIDM: a salted hash in place of the answer). */
export async function hashedAnswer(realm: Realm, answer: string): Promise<JsonObject> {
  const data = await argon2Hash(plainAnswer(answer), realm.random(16), realm.hashCost)
  return { $crypto: { type: 'salted-hash', value: { algorithm: 'ARGON2', data } } }
}

/** What an account has answered, in the words of the questions. */
export function answersKept(
  user: EndUser | undefined,
  { questions }: KbaSettings,
  locales: readonly string[],
): readonly KeptAnswer[] {
  const kept: readonly Json[] = (user && noteOf(user, 'kbaInfo')) ?? []
  return kept.filter(isObject).flatMap((entry) => {
    const [id, custom] = [member(entry, 'questionId'), member(entry, 'customQuestion')]
    const texts = typeof id === 'string' ? questions[id] : undefined
    const question = typeof custom === 'string' ? custom : texts && localized(texts, locales)
    const hash = hashIn(member(entry, 'answer'))
    return question === undefined || hash === undefined ? [] : [{ question, hash }]
  })
}

function hashIn(answer: Json | undefined): string | undefined {
  const crypt = isObject(answer) ? member(answer, '$crypto') : undefined
  const value = isObject(crypt) ? member(crypt, 'value') : undefined
  const data = isObject(value) ? member(value, 'data') : undefined
  return typeof data === 'string' ? data : undefined
}

/**
 * So many numbers below `length`, none twice, the same ones whenever this name is asked: whoever asks for another draw
 * must not find the question whose answer they know, nor tell a name that is nobody's by its questions changing.
 */
export function chosenFor(
  realm: Realm,
  username: string,
  length: number,
  count: number,
): readonly number[] {
  const name = plainUsername(username)
  const place = (i: number): string =>
    createHmac('sha256', realm.secret('auth-id')).update(`kba ${i} ${name}`).digest('hex')
  return Array.from({ length }, (_, i) => i)
    .sort((a, b) => (place(a) < place(b) ? -1 : 1))
    .slice(0, count)
}
