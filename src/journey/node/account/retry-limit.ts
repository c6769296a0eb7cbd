import { isObject, member } from '../../../base/json.ts'
import { flag } from '../../../protocol/setting.ts'
import { findByUsername } from '../../../user/end-user.ts'
import { note, noteOf } from '../../../user/notes.ts'
import type { Outcome, Turn } from '../../journey.ts'
import { nodeType, passed } from '../../journey.ts'
import { nodeSetting, wholeOrText } from '../../node-setting.ts'
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
    everywhere && textIn(state, 'username') !== undefined,
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

/** Counts a try for the account that the state names, in one write; false where there were too many. */
async function takeTry({ realm, state, id }: Turn, limit: number): Promise<boolean> {
  const username = textIn(state, 'username')
  const user = username === undefined ? undefined : await findByUsername(realm, username)
  if (user === undefined) return true
  let free = true
  await note(realm, user.sub, (now) => {
    const retries = Object.entries(noteOf(now, 'retries') ?? {}).flatMap(([node, value]) => {
      const counts = isObject(value) && Math.abs(realm.now() - Number(member(value, 'last'))) < kept
      return counts ? [[node, value] as const] : []
    })
    const made = Number(retries.find(([node]) => node === id)?.[1].tries ?? 0)
    free = made < limit
    const next = { tries: made + 1, last: realm.now() }
    return free ? { retries: { ...Object.fromEntries(retries), [id]: next } } : undefined
  })
  return free
}
