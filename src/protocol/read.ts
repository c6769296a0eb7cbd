import type { JsonObject } from '../base/json.ts'
import { parseJsonObject } from '../base/json.ts'
import { wholeNumber } from '../base/whole-number.ts'

/** Reads one parameter's text; undefined when it is malformed. */
export type ReadText<T> = (text: string) => T | undefined

/** Text as it is; a NUL or a lone surrogate never is one. */
export const plain: ReadText<string> = (text) =>
  text.includes('\u0000') || !text.isWellFormed() ? undefined : text

/** Text of at most `most` characters. */
export function bounded(most: number): ReadText<string> {
  return (text) => (text.length <= most ? plain(text) : undefined)
}

/** Words that are only wishes (OIDC Core §3.1.2.1): repeats count once, spaces around them not at all. */
export const wishes: ReadText<readonly string[]> = (text) =>
  plain(text) === undefined ? undefined : once(text.split(' ').filter((word) => word !== ''))

/** RFC 6749 §3.3: scope-token = 1*( %x21 / %x23-5B / %x5D-7E ); repeats count once. */
export const scopeTokens: ReadText<readonly string[]> = (text) =>
  /^[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/.test(text)
    ? once(text.split(' '))
    : undefined

function once(list: readonly string[]): readonly string[] {
  return list.length < 2 ? list : list.filter((word, i) => list.indexOf(word) === i)
}

/** Whole seconds, not negative. */
export const seconds: ReadText<number> = wholeNumber

/** Text of one pattern; the pattern is anchored and linear. */
export function pattern(expression: RegExp): ReadText<string> {
  return (text) => (expression.test(text) ? text : undefined)
}

/** One of the given words. */
export function word<const W extends string>(...known: readonly W[]): ReadText<W> {
  return (text) => known.find((w) => w === text)
}

/** A JSON object as text. */
export const jsonObject: ReadText<JsonObject> = (text) => parseJsonObject(text)
