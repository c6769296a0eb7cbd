import assert from 'node:assert/strict'
import { test } from 'node:test'
import { amend } from '../../../test/amend.ts'
import { answerConsent, answerOf, claimsOf, person, redeem, slimUrl } from '../../../test/flow.ts'
import { post } from '../../../test/register.ts'
import type { World, WorldOptions } from '../../../test/world.ts'
import { basic, pushed, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import { responseTypes } from '../../protocol/response-type.ts'

const types = responseTypes.filter(({ name, issues }) => name !== 'code' && issues.length > 0)

async function serving(options?: WorldOptions): Promise<World> {
  const made = await world(options)
  const names = types.map(({ name }) => name)
  await amend(made, 'myClient', { advancedOAuth2ClientConfig: { responseTypes: names } })
  return made
}

const w = await serving()
const opaque = await serving({ alpha: { coreOAuth2Config: { statelessTokensEnabled: false } } })

/** A page of consent for a request of that response type, and who looks at it. */
async function asked(on: World, response_type: string) {
  const p = await person(on)
  const scope = response_type === 'token' ? 'write' : 'openid write'
  const wanted = { response_type, scope, nonce: 'n-1', state: 'a b&c' }
  const request_uri = await pushed(on, wanted)
  const page = await p.get(slimUrl(request_uri))
  return { request_uri, allow: () => answerConsent(p, page), page }
}

/** What an answer says, without what is new in each: signatures, and when an ID token was signed. */
function said(response: HttpResponse): unknown {
  const all = Object.fromEntries(answerOf(response))
  const { access_token, id_token, expires_in, ...rest } = all
  assert.equal(expires_in === undefined, access_token === undefined)
  const signed = access_token?.includes('.') ? claimsOf(access_token) : access_token
  if (id_token === undefined) return { ...rest, signed }
  const { iat, exp, at_hash, ...claims } = claimsOf(id_token)
  assert.equal(at_hash === undefined, access_token === undefined)
  assert.equal(Number(exp) > Number(iat), true)
  return { ...rest, signed, claims }
}

function dead({ status, headers }: HttpResponse): void {
  assert.deepEqual([status, headers.location], [400, undefined])
}

for (const { name } of types) {
  test(`OIDC Core §3.2.2.5 a second click on Allow gets the same code and the same access token again: ${name}`, async () => {
    for (const on of [w, opaque]) {
      const { allow } = await asked(on, name)
      const first = await allow()
      assert.match(String(first.headers.location), /#(code|access_token|id_token)=/)
      const writes = on.records.changeCount()
      on.clock.now += 30
      const second = await allow()
      assert.equal(second.status, first.status)
      assert.deepEqual(said(second), said(first))
      assert.equal(on.records.changeCount(), writes, 'nothing is issued')
      on.clock.now += 30
      dead(await allow())
    }
  })

  test(`T-1 one browser presses Allow 64 times at once, each answer has the same: ${name}`, async () => {
    const { allow } = await asked(opaque, name)
    const answers = await Promise.all(Array.from({ length: 64 }, allow))
    const each = answers.map((answer) => JSON.stringify(said(answer)))
    assert.equal(new Set(each).size, 1)
  })
}

test('C-14 tokens go out again to nobody else', async () => {
  const { allow, page } = await asked(w, 'token id_token')
  await allow()
  dead(await answerConsent(await person(w), page))
})

test('C-14 tokens do not go out again beside a code that was redeemed', async () => {
  const { allow } = await asked(w, 'code token')
  const code = String(answerOf(await allow()).get('code'))
  assert.equal((await redeem(w, code)).status, 200)
  dead(await allow())
})

test('RFC 7009 §2.1 an access token that was revoked does not go out again', async () => {
  const { allow } = await asked(w, 'token id_token')
  const token = String(answerOf(await allow()).get('access_token'))
  const revoked = await post(w, '/token/revoke', { token }, { authorization: basic() })
  assert.equal(revoked.status, 200)
  dead(await allow())
})

test('RFC 9700 §2.1.2 tokens do not go out again once the client was changed', async () => {
  const other = await serving()
  const { allow } = await asked(other, 'token')
  await allow()
  await amend(other, 'myClient', { coreOAuth2ClientConfig: { clientName: [] } })
  dead(await allow())
})
