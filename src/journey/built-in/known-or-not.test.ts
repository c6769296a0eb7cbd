import assert from 'node:assert/strict'
import { test } from 'node:test'
import { journeys } from '../../../test/journeys.ts'
import { letterBox } from '../../../test/letters.ts'
import { people } from '../../../test/people.ts'
import type { Mail } from '../../mail/mail.ts'
import type { Store } from '../../store/store.ts'
import { createEndUser } from '../../user/end-user.ts'

const world = await people({ journeys: ['Login', 'ResetPassword', 'ForgottenUsername'] })
const box = letterBox()
for (let i = 0; i < 6; i += 1)
  await createEndUser(world.alpha, {
    ...{ username: `other${i}`, password: 'Ch4ng31t' },
    attributes: { email: `other${i}@example.com` },
  })

/** What was asked of both shelves: which verbs, how many, and whether there was something. */
let asked: string[] = []

function counting(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      const verb = Reflect.get(target, name) as unknown
      if (typeof verb !== 'function' || name === 'changeCount') return verb
      return (...args: readonly unknown[]): unknown => {
        const answer = Reflect.apply(verb, target, args) as unknown
        const at = asked.push(String(name)) - 1
        void Promise.resolve(answer).then((found) => {
          if (name === 'get') asked[at] = found === undefined ? 'get nothing' : 'get'
        })
        return answer
      }
    },
  })
}

/** Holds back what is to be sent, as the answer does not wait for it. */
const held: Parameters<Mail['send']>[] = []
const mail: Mail = { ...box.mail, send: (...sending) => held.push(sending) > 0 }
const realm = {
  ...world.alpha,
  mail,
  settings: counting(world.alpha.settings),
  records: counting(world.alpha.records),
}
const at = journeys(realm)

async function workFor(journey: string, address: string): Promise<readonly string[]> {
  const { authId } = await at.start(journey)
  asked = []
  const step = at.asked(await at.run(authId, { IDToken1: address }))
  assert.equal(step.suspended, true)
  return [...asked].sort()
}

test('C-34 whose address is known is answered after the same work as whose is not, wherever it stands among the others', async () => {
  for (const journey of ['ResetPassword', 'ForgottenUsername']) {
    // What is only read once is at hand from then on.
    for (let i = 0; i < 2; i += 1) await workFor(journey, 'other0@example.com')
    const known = await workFor(journey, 'demo@example.com')
    assert.ok(known.includes('list'))
    for (let i = 0; i < 12; i += 1) {
      const work = await workFor(journey, `nobody${i}@example.com`)
      const first = work.filter((verb) => verb === 'list').length
      // Behind the last of all the search begins anew, for known addresses too.
      if (first > known.filter((verb) => verb === 'list').length)
        assert.deepEqual(work.toSpliced(work.indexOf('list'), 1), known)
      else assert.deepEqual(work, known)
    }
  }
})
