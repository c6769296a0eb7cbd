import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator, callWith } from '../../../test/administrator.ts'
import { amendRealm } from '../../../test/amend.ts'
import { person } from '../../../test/flow.ts'
import { world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const call = await administrator(w)
const many = 16

async function statusesOf(act: (i: number) => Promise<HttpResponse>): Promise<string> {
  const answers = await Promise.all(Array.from({ length: many }, (_, i) => act(i)))
  return answers
    .map(({ status }) => status)
    .sort()
    .join(' ')
}

const all = (status: number, but = 0): string[] => Array<string>(many - but).fill(String(status))

test('PingAM: rest-api-oauth2-client what administrators put without a condition at the same moment is all taken', async () => {
  const path = '/realm-config/agents/OAuth2Client/at-once'
  const put = (i: number) =>
    call('PUT', path, { coreOAuth2ClientConfig: { clientName: [`n${i}`], clientType: 'Public' } })
  assert.equal(await statusesOf(put), [...all(200, 1), '201'].join(' '))
  assert.equal(await statusesOf(put), all(200).join(' '))
})

test('PingAM: managing-sessions-REST properties that are set at the same moment are all taken', async () => {
  await amendRealm(w, { parapetConfig: { sessionPropertyWhitelist: ['cart'] } })
  const { session } = await person(w)
  const own = callWith(w, { iplanetdirectorypro: session.token })
  const url = '/sessions?_action=updateSessionProperties'
  const set = (i: number) =>
    own('POST', url, { cart: String(i) }, { 'accept-api-version': 'resource=5.1' })
  assert.equal(await statusesOf(set), all(200).join(' '))
})
