import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { authenticator } from '../../authenticator.ts'
import { withProof } from '../../dpop.ts'
import {
  ask,
  codeOf,
  codeParameters,
  cookieOf,
  oauth2,
  open,
  type Party,
  pushParameters,
  refreshParameters,
  visit,
} from '../../party.ts'
import { called } from '../../race/journey/of-world.ts'
import { begun, next, step } from '../../race/journey/steps.ts'
import { type Answer, jsonOf, type Wire } from '../../wire.ts'
import { origin } from '../../world.ts'
import { layOut, serverOn } from '../fixture.ts'
import {
  certifiedParty,
  detailsParty,
  proven,
  proving,
  readBound,
  resource,
  withDevice,
} from './hands.ts'

const fixture = readBound()
const now = fixture.at + 1
const key = proving(fixture.proving)
const details = detailsParty(fixture.signing, now)
const certified = certifiedParty(fixture.certificate)
const [push, redeem] = [proven(open, key, '/par', now), proven(open, key, '/access_token', now)]
const stranger = proven(open, proving(fixture.signing), '/access_token', now)

/** Today's server on a copy of the directory, behind a proxy that hands certificates on. */
async function opened(t: TestContext) {
  const data = mkdtempSync(join(tmpdir(), 'parapet-upgrade-'))
  layOut(fixture, data)
  const server = await serverOn(data, now)
  t.after(async () => {
    await server.close()
    rmSync(data, { recursive: true, force: true })
  })
  const w = called((http) => server.serve({ ...http, proxied: true })) as Wire
  const userinfo = (headers: Readonly<Record<string, string>>): Promise<Answer> =>
    w.call('GET', `${oauth2}/userinfo`, { headers })
  const told = async (party: Party, token: string): Promise<Record<string, unknown>> =>
    jsonOf(await ask(w, party, '/introspect', { token }))
  const proof = (token: unknown) => withProof(server, key, { path: '/userinfo', token })
  return { w, userinfo, told, proof }
}

async function refuses(answer: Promise<Answer>, error: string): Promise<void> {
  assert.equal(jsonOf(await answer, 400).error, error)
}

test('house: tokens that an older server tied to a key are tied to it, and to no other', async (t) => {
  const { w, userinfo, proof } = await opened(t)
  const { access_token, refresh_token } = fixture.tokens
  assert.equal((await userinfo({ authorization: `Bearer ${access_token}` })).status, 401)
  assert.ok(jsonOf(await userinfo(proof(access_token))).sub)
  const refresh = refreshParameters(refresh_token)
  await refuses(ask(w, stranger, '/access_token', refresh), 'invalid_grant')
  const fresh = jsonOf(await ask(w, redeem, '/access_token', refresh))
  assert.equal(fresh.token_type, 'DPoP')
  assert.ok(jsonOf(await userinfo(proof(fresh.access_token))).sub)
})

test('house: a push and a code of a key are good with a proof of that key alone', async (t) => {
  const { w } = await opened(t)
  const pushed = codeOf(await visit(w, open, fixture.pushed, cookieOf(fixture.session)))
  for (const code of [pushed ?? '', fixture.code]) {
    await refuses(ask(w, stranger, '/access_token', codeParameters(code)), 'invalid_grant')
    assert.equal(
      jsonOf(await ask(w, redeem, '/access_token', codeParameters(code))).token_type,
      'DPoP',
    )
  }
})

test('house: a proof that an older server took is not taken again', async (t) => {
  const { w } = await opened(t)
  const { form } = open.proof()
  const again = { headers: { dpop: fixture.shown }, form: form ?? {} }
  await refuses(ask(w, open, '/par', pushParameters, again), 'invalid_dpop_proof')
  assert.ok(jsonOf(await ask(w, push, '/par', pushParameters), 201).request_uri)
})

test('house: what was granted with details and for a resource is told as it was, and outlives a refresh', async (t) => {
  const { w, told } = await opened(t)
  const { access_token, refresh_token } = fixture.detailed
  assert.equal(Array.isArray(fixture.granted), true)
  assert.deepEqual((await told(details, access_token)).authorization_details, fixture.granted)
  const fresh = await ask(w, details, '/access_token', refreshParameters(refresh_token))
  assert.deepEqual(jsonOf(fresh).authorization_details, fixture.granted)
  const { active, aud } = await told(details, fixture.resourceful)
  assert.deepEqual({ active, aud }, { active: true, aud: resource })
})

test('house: tokens that an older server tied to a certificate are good over that certificate alone', async (t) => {
  const { w, userinfo } = await opened(t)
  const { access_token, refresh_token } = fixture.certified
  const { headers } = certified.proof()
  const authorization = `Bearer ${access_token}`
  assert.equal((await userinfo({ authorization })).status, 401)
  assert.ok(jsonOf(await userinfo({ authorization, ...headers })).sub)
  const fresh = await ask(w, certified, '/access_token', refreshParameters(refresh_token))
  assert.ok(jsonOf(fresh).access_token)
})

test('house: a push that comes again by its Idempotency-Key is answered as an older server did', async (t) => {
  const { w } = await opened(t)
  const { form = {} } = open.proof()
  const sent = { headers: { 'idempotency-key': fixture.again.key }, form }
  const answer = jsonOf(await ask(w, open, '/par', pushParameters, sent), 201)
  assert.equal(answer.request_uri, fixture.again.request_uri)
  const other = { ...pushParameters, scope: 'write' }
  assert.equal((await ask(w, open, '/par', other, sent)).status, 422)
})

test('house: a passkey that was made on an older server logs in', async (t) => {
  const { w } = await opened(t)
  const device = authenticator(origin, fixture.device)
  device.userHandle = fixture.device.userHandle
  const asked = await next(step(w, begun('Passkey')))
  const done = await withDevice(w, asked, (data) => device.authenticate(data))
  assert.equal(typeof done.tokenId, 'string')
})
