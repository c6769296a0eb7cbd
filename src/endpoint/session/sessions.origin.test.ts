import assert from 'node:assert/strict'
import { test } from 'node:test'
import { caller, callWith } from '../../../test/administrator.ts'
import { bodyOf, origin, world } from '../../../test/world.ts'

const page = 'https://app.example'
const open = { parapetConfig: { corsOrigins: [page] } }

test('C-28 a page that one realm lets in learns nothing of a session of another by the browser’s cookie, and ends none', async () => {
  const w = await world({ alpha: open })
  const { session: roots } = await caller(w, '/', ['admin'])
  const { session: own } = await caller(w, '/alpha', [])
  const at = `${origin}/am/json/realms/root/realms/alpha/sessions?_action=`
  const ask = async (action: string, token: string, from?: string, body?: object) => {
    const headers = { 'accept-api-version': 'resource=5.1', cookie: `iPlanetDirectoryPro=${token}` }
    const sent = from === undefined ? headers : { ...headers, origin: from }
    const answer = await callWith(w, sent)('POST', at + action, body)
    return { status: answer.status, ...bodyOf(answer) } as Record<string, unknown>
  }
  assert.equal((await ask('getSessionInfo', own.token, page)).status, 200)
  assert.equal((await ask('getSessionInfo', roots.token, page)).status, 401)
  assert.equal((await ask('validate', roots.token, page)).valid, false)
  assert.equal((await ask('logout', roots.token, page)).result, 'Token has expired')
  // Whoever names it has it already; so has a program, and a page of the server's own.
  assert.equal((await ask('getSessionInfo', own.token, page, { tokenId: roots.token })).status, 200)
  assert.equal((await ask('getSessionInfo', roots.token)).status, 200)
  assert.equal((await ask('getSessionInfo', roots.token, origin)).status, 200)
})
