import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../../test/register.ts'
import { world } from '../../../test/world.ts'
import type { Client } from '../../client/client.ts'
import { findClient } from '../../client/client.ts'
import { singleUse } from '../../client/single-use.ts'
import type { AuthorizationRequest } from '../../protocol/authorization-request.ts'
import { OAuthError } from '../../protocol/error.ts'
import { findRecord } from '../find-record.ts'
import { openHandle, pushedHandle, requestUriPrefix } from '../handle.ts'
import { requestIn } from '../record.ts'
import { push } from './push.ts'

const w = await world()
await register(w, 'one')
const realm = await w.realm()
const client = (await findClient(realm, 'one')) as Client
const made: Omit<AuthorizationRequest, symbol> = {
  client_id: 'one',
  response_type: 'code',
  redirect_uri: 'https://rp.example/cb',
  redirect_uri_sent: true,
  response_mode: 'query',
  scope: ['openid'],
  state: 's',
  prompt: [],
  acr_values: [],
  acr_essential: false,
}
const request = made as AuthorizationRequest

const handle = 'A'.repeat(43)
const forms: [request_uri: string, handle: string | undefined][] = [
  [requestUriPrefix + handle, handle],
  [handle, handle],
  [requestUriPrefix, ''],
  ['URN:ietf:params:oauth:request_uri:x', undefined],
  ['urn:ietf:params:oauth:request_uri', undefined],
  ['urn:other:x', undefined],
  ['https://rp.example/request.jwt', undefined],
  ['', undefined],
  [`${handle} `, undefined],
  [`${handle}\n`, undefined],
  [`${handle}=`, undefined],
  ['é', undefined],
]
for (const [request_uri, expected] of forms) {
  test(`C-7, PAR-15 ${JSON.stringify(request_uri)} refers to ${expected ?? 'no push'}`, async () => {
    assert.equal(pushedHandle(request_uri), expected)
    if (expected !== undefined) {
      assert.equal(await findRecord(realm, 'request_uri', expected), 'unknown')
    }
  })
}

test('PAR-11, PAR-13 a push is there when it is acknowledged, with what it was validated under', async () => {
  const pushed = await push(realm, client, request)
  assert.ok(pushed !== 'spent')
  const found = await findRecord(realm, 'request_uri', pushedHandle(pushed.request_uri) as string)
  assert.ok(typeof found !== 'string')
  const { record } = found
  assert.deepEqual(record.validatedUnder, [realm.version, client.version])
  assert.equal(record.redeem_by, w.clock.now + pushed.expires_in)
  assert.deepEqual(requestIn(record), request)
})

test('P-1, OA-23 the store has no handle: who reads it cannot open a push', async () => {
  const pushed = await push(realm, client, request)
  assert.ok(pushed !== 'spent')
  const handleText = pushedHandle(pushed.request_uri) as string
  const opened = openHandle(realm, 'request_uri', handleText)
  const key = opened?.key.toString('hex') as string
  const stored = await w.records.get(key)
  assert.ok(stored)
  assert.ok(!stored.value.toString().includes(handleText))
  assert.notEqual(opened?.key.toString('base64url'), handleText.slice(0, 22))
})

test('K-4 a push with a spent single use stores nothing and says so', async () => {
  const used = () => new OAuthError('invalid_client', 'used')
  const assertion = () => singleUse(realm, ['m'], w.clock.now + 60, used)
  assert.notEqual(await push(realm, client, request, assertion()), 'spent')
  const before = w.records.changeCount()
  assert.equal(await push(realm, client, request, assertion()), 'spent')
  assert.equal(w.records.changeCount(), before)
})
