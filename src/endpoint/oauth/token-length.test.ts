import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { amend, amendRealm } from '../../../test/amend.ts'
import { detailsWorld } from '../../../test/details.ts'
import { withEvents } from '../../../test/events.ts'
import { provider } from '../../../test/export.ts'
import { answerOf, codeFor, decideByRest, person, redeem, refresh } from '../../../test/flow.ts'
import { writeScript } from '../../../test/scripts.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()
const call = await administrator(w)
const alpha = await w.realm()

async function use(plugins: Readonly<Record<string, string>>, stateless = true): Promise<void> {
  const put = await call('PUT', provider, {
    coreOAuth2Config: { statelessTokensEnabled: stateless },
    advancedOIDCConfig: { alwaysAddClaimsToToken: true },
    pluginsConfig: plugins,
  })
  assert.equal(put.status, 200, String(put.body))
}

/** Scripts that say of a token, or of its user, text of so many characters. */
const fields = (length: number) => ({
  source: `accessToken.setField('x', 'a'.repeat(${length}))`,
  context: 'OAUTH2_ACCESS_TOKEN_MODIFICATION',
})
const sets = async (length: number) => ({
  accessTokenModificationScript: await writeScript(alpha, fields(length)),
})
const says = async (length: number) => ({
  oidcClaimsScript: await writeScript(alpha, {
    source: `({ x: 'a'.repeat(${length}) })`,
    context: 'OIDC_CLAIMS',
  }),
})
const nothing = { accessTokenModificationScript: '', oidcClaimsScript: '' }

/** What is refused, and what the log says of it. */
async function refused(ask: () => Promise<HttpResponse>): Promise<string> {
  const { value: result, events } = await withEvents(ask)
  assert.deepEqual([result.status, bodyOf(result).error], [500, 'server_error'])
  return JSON.stringify(events)
}

async function introspected(token: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: basic() }
  const form = { token: String(token) }
  return bodyOf(await w.serve(requestOf('POST', `${base}/introspect`, { headers, form })))
}

for (const stateless of [true, false])
  test(`RFC 7662 §2.1 a script’s fields make no ${stateless ? 'JWT' : 'opaque token'} longer than can be looked at: the code is not spent`, async () => {
    await use({ ...nothing, ...(await sets(100_000)) }, stateless)
    const code = await codeFor(w)
    const log = await refused(() => redeem(w, code))
    assert.match(
      log,
      /access token modification: script [\w-]+ sets fields of 100008 bytes, more than 8192/,
    )
    await use({ ...nothing, ...(await sets(8000)) }, stateless)
    const first = bodyOf(await redeem(w, code))
    assert.equal((await introspected(first.access_token)).active, true)
    await use({ ...nothing, ...(await sets(8192)) }, stateless)
    await refused(() => refresh(w, first.refresh_token))
    await use(nothing, stateless)
    const later = bodyOf(await refresh(w, first.refresh_token))
    assert.equal((await introspected(later.access_token)).active, true)
  })

test('OIDC Core §3.1.2.1 claims of a script make no ID token longer than can be sent as a hint: the code is not spent', async () => {
  await use({ ...nothing, ...(await says(60_000)) })
  const code = await codeFor(w, { scope: 'openid' })
  assert.match(
    await refused(() => redeem(w, code)),
    /the ID token would have \d+ characters, more than 61440/,
  )
  await use({ ...nothing, ...(await says(40_000)) })
  const { id_token } = bodyOf(await redeem(w, code))
  const form = { id_token_hint: String(id_token) }
  const ended = await w.serve(requestOf('POST', `${base}/connect/endSession`, { form }))
  assert.ok(ended.status < 400, String(ended.status))
})

test('OAuth 2.0 §4.2.2 no ID token goes into a redirect that is longer than a URL may be here', async () => {
  const asked = async () => {
    const request_uri = await pushed(w, {
      ...{ response_type: 'code id_token', scope: 'openid', nonce: 'n' },
    })
    return withEvents(async () => answerOf(await decideByRest(await person(w), request_uri)))
  }
  await use({ ...nothing, ...(await says(40_000)) })
  const { value: result, events } = await asked()
  assert.deepEqual([result.get('error'), result.get('id_token')], ['server_error', null])
  assert.match(JSON.stringify(events), /the ID token would have \d+ characters, more than 24576/)
  await use({ ...nothing, ...(await says(16_000)) })
  const { value: good } = await asked()
  assert.ok(good.get('id_token') !== null && good.get('code') !== null)
})

test('RFC 7662 §2.1 a JWT with long details is made where introspection takes it, and no longer one', async () => {
  const d = await detailsWorld()
  await amendRealm(d, { coreOAuth2Config: { statelessTokensEnabled: true } })
  const tokens = async (remark: string, scope = 'write') => {
    const amount = { value: 1, currency: 'EUR' }
    const payment = { type: 'payment', amount, creditor: 'x', remark }
    const authorization_details = JSON.stringify([payment])
    return redeem(d, await codeFor(d, { authorization_details, scope }))
  }
  for (const sign of ['r', '€']) {
    const made = await tokens(sign.repeat(32_600 / Buffer.byteLength(sign)))
    assert.equal(made.status, 200, String(made.body))
    const headers = { authorization: basic() }
    const form = { token: String(bodyOf(made).access_token) }
    const looked = await d.serve(requestOf('POST', `${base}/introspect`, { headers, form }))
    assert.equal(bodyOf(looked).active, true)
  }
  // A script has a say too, and a scope has no bound of its own.
  const scope = 's'.repeat(6000)
  await amend(d, 'myClient', { coreOAuth2ClientConfig: { scopes: ['write', scope] } })
  const accessTokenModificationScript = await writeScript(await d.realm(), fields(8000))
  const scripted = await (await administrator(d))('PUT', provider, {
    coreOAuth2Config: { statelessTokensEnabled: true },
    advancedOAuth2Config: { enableRichAuthorizationRequests: true },
    pluginsConfig: { accessTokenModificationScript },
  })
  assert.equal(scripted.status, 200, String(scripted.body))
  assert.match(
    await refused(() => tokens('r'.repeat(32_600), scope)),
    /the access token would have \d+ characters, more than 61440/,
  )
})
