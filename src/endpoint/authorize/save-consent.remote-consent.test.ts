import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answerOf, authorizeUrl, person } from '../../../test/flow.ts'
import { askedOf, askRemotely, isAsked, post, responseOf } from '../../../test/remote-consent.ts'
import { pushForm, world } from '../../../test/world.ts'

const url = authorizeUrl({ client_id: 'myClient', ...pushForm() })

/** A world in which the first write that spends something waits until `release` is called; `waits` says that it is there. */
async function waitingWorld() {
  const [held, there] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  let first = true
  const w = await world({
    records: (store) => ({
      ...store,
      async insert(key, value, expiry, singleUse) {
        if (singleUse !== undefined && first) {
          first = false
          there.resolve()
          await held.promise
        }
        return store.insert(key, value, expiry, singleUse)
      },
    }),
  })
  await askRemotely(w)
  return { w, release: held.resolve, waits: there.promise }
}

for (const [says, decision] of [
  ['kept where the other one allows it too', true],
  ['taken back where the other one denies it', false],
] as const) {
  test(`PingAM: remote-consent of a request in the URL, what the answer that came second had saved is ${says}`, async () => {
    const { w, release, waits } = await waitingWorld()
    const p = await person(w)
    const asked = await askedOf(w, await p.get(url))
    const token = responseOf(w, asked, { save_consent: true })
    const saving = post(p, asked, token)
    await waits
    const other = decision ? token : responseOf(w, asked, { decision: false, scopes: [] })
    const answer = answerOf(await post(p, asked, other))
    assert.equal(answer.has('code'), decision)
    release()
    assert.equal((await saving).status, 400)
    assert.equal(isAsked(await p.get(url)), !decision)
  })
}
