import assert from 'node:assert/strict'
import { test } from 'node:test'
import { authorizeUrl, codeOf, person } from '../../../test/flow.ts'
import { askedOf, askRemotely, post, responseOf } from '../../../test/remote-consent.ts'
import { pushForm, world } from '../../../test/world.ts'

const w = await world()
await askRemotely(w)
const url = authorizeUrl({ client_id: 'myClient', ...pushForm() })

test('C-21 the page says what is wrong with an answer: the service, or the time that the user took', async () => {
  const p = await person(w)
  const asked = await askedOf(w, await p.get(url))
  for (const [changes, says] of [
    [{ scopes: ['profile'] }, 'The service that asked you sent an answer that this server cannot'],
    [{ decision: 'true' }, 'The service that asked you sent an answer that this server cannot'],
    [{ csrf: 'x' }, 'You are no longer logged in'],
  ] as const) {
    const page = String((await post(p, asked, responseOf(w, asked, changes))).body)
    assert.ok(page.includes(`<p id="error">${says}`), page)
    assert.match(page, />Continue</)
  }
})

test('C-21 who answers twice is told so, and not that they are logged out', async () => {
  const p = await person(w)
  const asked = await askedOf(w, await p.get(url))
  const token = responseOf(w, asked)
  codeOf(await post(p, asked, token))
  const page = String((await post(p, asked, token)).body)
  assert.match(page, /<p id="error">You have answered this already\./)
  assert.match(page, />Continue</)
})
