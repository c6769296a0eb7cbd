import { isDeepStrictEqual } from 'node:util'
import type { Json, JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import type { Detail } from './detail.ts'

/** The fields that name what is allowed, one by one (RFC 9396 §2.2): fewer of them are less. */
const lists: ReadonlySet<string> = new Set(['locations', 'actions', 'datatypes', 'privileges'])

/** Whether two say the same, in whatever order their members stand. */
export function isSame(one: Detail, other: Detail): boolean {
  return one.text === other.text || isDeepStrictEqual(one.value, other.value)
}

/**
 * Whether what is asked is no more than what was granted (RFC 9396 §6): each object is one of the granted, or one with
 * fewer entries in a list of what is allowed; and none of the granted stands for two of them.
 */
export function isWithin(asked: readonly Detail[], granted: readonly Detail[]): boolean {
  const left = [...granted]
  const take = (fits: (each: Detail) => boolean): boolean => {
    const found = left.findIndex(fits)
    if (found >= 0) left.splice(found, 1)
    return found >= 0
  }
  // First what is the same: a narrower one takes none of those away.
  const others = asked.filter((each) => !take((one) => isSame(each, one)))
  return others.every((each) => take((one) => isNarrower(each.value, one.value)))
}

function isNarrower(asked: JsonObject, granted: JsonObject): boolean {
  const names = Object.keys(granted)
  return (
    Object.keys(asked).length === names.length &&
    names.every((name) => {
      const [ours, theirs] = [member(asked, name), member(granted, name)]
      if (ours === undefined || theirs === undefined) return false
      return lists.has(name) ? isPart(ours, theirs) : isDeepStrictEqual(ours, theirs)
    })
  )
}

/** Some of the entries; none of them may mean all of them. */
function isPart(ours: Json, theirs: Json): boolean {
  if (isDeepStrictEqual(ours, theirs)) return true
  if (!Array.isArray(ours) || !Array.isArray(theirs) || ours.length === 0) return false
  return ours.every((entry) => theirs.some((each) => isDeepStrictEqual(entry, each)))
}
