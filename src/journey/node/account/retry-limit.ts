import type { JsonObject } from '../../../base/json.ts'
import { isObject, member, parseJsonObject } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import { logHash } from '../../../realm/log-hash.ts'
import { quotaKey } from '../../../realm/quota.ts'
import type { Realm } from '../../../realm/realm.ts'
import { lost, untilDecided } from '../../../store/update.ts'
import { note, noteOf } from '../../../user/notes.ts'
import type { Outcome, Turn } from '../../journey.ts'
import { nodeType, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
import { triedIn } from '../../person/tried.ts'
import { putShared, textIn } from '../../state.ts'

const outcomes: readonly Outcome[] = [
  { id: 'Retry', displayName: 'Retry' },
  { id: 'Reject', displayName: 'Reject' },
]

/**
 * Lets somebody try again so many times (PingAM: Retry Limit Decision node): in this journey, and where it is so set for
 * the account over all journeys, until one that has this node succeeds, or an hour has passed since the last try that it
 * let through. A try that it rejects changes nothing, so that nobody gets new ones by one too many.
 */
export const retryLimit = nodeType({
  type: 'RetryLimitDecisionNode',
  name: 'Retry Limit Decision',
  tags: ['utilities'],
  settings: {
    retryLimit: nodeSetting('Retry limit', wholeOrText(0, 1000), 3, 'How often.'),
    incrementUserAttributeOnFailure: nodeSetting(
      'Save Retry Limit to User',
      flag,
      true,
      'Whether tries of other journeys count for the account.',
    ),
  },
  outcomes: () => outcomes,
  acts: ({ state }, { incrementUserAttributeOnFailure: everywhere }) =>
    everywhere && (state.user !== undefined || textIn(state, 'username') !== undefined),
  async process(turn, { retryLimit: limit, incrementUserAttributeOnFailure: everywhere }) {
    const { id, state } = turn
    const key = `${id}.retryCount`
    const here = member(state.shared, key)
    const count = typeof here === 'number' ? here : 0
    const free = !everywhere || (await takeTry(turn, limit))
    if (count >= limit || !free) return passed('Reject', state)
    return passed('Retry', putShared(state, { [key]: count + 1 }))
  },
})

/** Seconds after the last try for which tries of an account count. */
const kept = 3600

/**
 * Counts a try for the account that the state names, in one write; false where there were too many. Tries of a name that is
 * nobody's count in the same way, so that a limit does not tell which names are somebody's.
 */
async function takeTry(turn: Turn, limit: number): Promise<boolean> {
  const { realm, state } = turn
  if (state.user === undefined && textIn(state, 'username') === undefined) return true
  const tried = await triedIn(turn)
  let free = true
  const next = (before: JsonObject): JsonObject | undefined => {
    const after = withTry(turn, before, limit)
    free = after !== undefined
    return after
  }
  if (tried.user === undefined) await ofNobody(realm, tried.name, next)
  else
    await note(realm, tried.user.sub, (now) => {
      const retries = next(noteOf(now, 'retries') ?? {})
      return retries && { retries }
    })
  return free
}

/** Those that still count and one more; undefined where there were too many. */
function withTry({ realm, id }: Turn, before: JsonObject, limit: number): JsonObject | undefined {
  const now = realm.now()
  const retries = Object.entries(before).flatMap(([node, value]) => {
    const counts = isObject(value) && Math.abs(now - Number(member(value, 'last'))) < kept
    return counts ? [[node, value] as const] : []
  })
  const made = Number(retries.find(([node]) => node === id)?.[1].tries ?? 0)
  if (made >= limit) return undefined
  return { ...Object.fromEntries(retries), [id]: { tries: made + 1, last: now } }
}

/** Where tries of a name that is nobody's are; who has the database learns no names by that. */
async function ofNobody(
  realm: Realm,
  name: string,
  next: (before: JsonObject) => JsonObject | undefined,
): Promise<void> {
  const { records } = realm
  const key = quotaKey(realm, 'tries', logHash(realm, `retries ${name}`))
  await untilDecided('tries of a name', async () => {
    const stored = await records.get(key)
    const after = next((stored && parseJsonObject(stored.value.toString())) ?? {})
    if (after === undefined) return undefined
    const value = Buffer.from(JSON.stringify(after))
    const until = realm.now() + kept
    const written = await (stored === undefined
      ? records.insert(key, value, until)
      : records.replace(key, stored.version, value, until))
    return written === 'won' ? undefined : lost
  })
}
