import { member } from '../../../base/json.ts'
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
 * the account over all journeys, until one is passed or it was rejected.
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

/** Counts a try for the account that the state names, in one write; false where there were too many, of which none is left then. */
async function takeTry({ realm, state, id }: Turn, limit: number): Promise<boolean> {
  const username = textIn(state, 'username')
  const user = username === undefined ? undefined : await findByUsername(realm, username)
  if (user === undefined) return true
  let free = true
  await note(realm, user.sub, (now) => {
    const retries = noteOf(now, 'retries') ?? {}
    const before = member(retries, id)
    const made = typeof before === 'number' ? before : 0
    free = made < limit
    const { [id]: _, ...others } = retries
    return { retries: free ? { ...retries, [id]: made + 1 } : others }
  })
  return free
}
