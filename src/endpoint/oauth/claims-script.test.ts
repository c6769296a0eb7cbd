import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { amend } from '../../../test/amend.ts'
import { withEvents } from '../../../test/events.ts'
import { provider } from '../../../test/export.ts'
import {
  answerOf,
  claimsOf,
  codeFor,
  decideByRest,
  person,
  redeem,
  refresh,
  tokensFor,
  withToken,
} from '../../../test/flow.ts'
import { writeScript } from '../../../test/scripts.ts'
import { bodyOf, pushed, world } from '../../../test/world.ts'
import type { Json, JsonObject } from '../../base/json.ts'

const w = await world()
const call = await administrator(w)
const alpha = await w.realm()
const context = 'OIDC_CLAIMS'
const scope = 'openid profile email'

/** Makes a script that of the realm, and says whether ID tokens have the claims of scopes. */
async function use(source: string, version: '1.0' | '2.0' = '2.0', always = false): Promise<void> {
  await name(await writeScript(alpha, { source, version, context }), always)
}

async function name(oidcClaimsScript: string, always = false): Promise<void> {
  const put = await call('PUT', provider, {
    advancedOIDCConfig: { alwaysAddClaimsToToken: always },
    pluginsConfig: { oidcClaimsScript },
  })
  assert.equal(put.status, 200, String(put.body))
  // It is served, so that nothing is named as what is not.
  assert.equal(bodyOf(put).parapet, undefined)
}

async function told(tokens: Record<string, unknown>): Promise<Record<string, unknown>> {
  const info = await withToken(w, '/userinfo', tokens.access_token)
  assert.equal(info.status, 200, String(info.body))
  const signed = info.headers['content-type'] === 'application/jwt'
  return signed ? claimsOf(info.body) : bodyOf(info)
}

const asked = (part: 'userinfo' | 'id_token', wanted: JsonObject) => ({
  scope,
  claims: JSON.stringify({ [part]: wanted }),
})

/** As PingAM's sample goes about it: scopes, what the server says, and what is asked for, each by whoever knows it. */
const older = `(function () {
  var fr = JavaImporter(org.forgerock.oauth2.core.exceptions.InvalidRequestException,
    org.forgerock.oauth2.core.UserInfoClaims, org.forgerock.openidconnect.Claim,
    java.util.LinkedHashMap, java.util.ArrayList)
  var known = {
    mail: function (claim) { return identity.getAttribute('mail').toArray()[0] },
    who: function () { return session.getProperty('UserToken') + ' at ' + clientProperties.get('clientId') },
    nothing: function () { return null },
  }
  var all = new fr.ArrayList(), values = new fr.LinkedHashMap(), composite = new fr.LinkedHashMap()
  scopes.toArray().forEach(function (scope) {
    if (String(scope) === 'email') ['mail', 'who', 'nothing'].forEach(function (name) { all.add(new fr.Claim(name)) })
  })
  all.addAll(claimObjects); all.addAll(requestedTypedClaims)
  all.toArray().forEach(function (claim) {
    var resolve = known[claim.getName()]
    if (resolve) values.put(claim.getName(), resolve(claim))
    else if (claim.getValues().size() === 1) values.put(claim.getName(), claim.getValues().toArray()[0])
  })
  values.put('essential', requestedTypedClaims.toArray().filter(function (c) { return c.isEssential() }).map(function (c) { return c.getName() }))
  values.put('same', claims.get('sub') === values.get('sub'))
  composite.put('email', ['mail', 'who'])
  return new fr.UserInfoClaims(values, composite)
}())`

const { updated_at = 0 } = w.demo.attributes
const whose = { updated_at, sub: w.demo.sub, subname: 'demo' }
const scripted = { mail: 'demo@example.com', who: 'demo at myClient', essential: [], same: true }

test('PingAM: oidc claims an older script says all of userinfo, plain and signed, and of ID tokens only where they have claims of scopes', async () => {
  await use(older, '1.0')
  const tokens = await tokensFor(w, { scope })
  assert.deepEqual(await told(tokens), { ...scripted, ...whose })
  assert.equal(claimsOf(tokens.id_token).mail, undefined)
  await use(older, '1.0', true)
  const more = await tokensFor(w, { scope })
  const again = bodyOf(await refresh(w, more.refresh_token))
  for (const each of [more, again]) {
    const { mail, who, given_name, sub } = claimsOf(each.id_token)
    assert.deepEqual([mail, who, sub], [scripted.mail, scripted.who, w.demo.sub])
    assert.equal(given_name, undefined)
  }
  const signing = { userinfoResponseFormat: 'SIGNED_JWT', userinfoSignedResponseAlg: 'RS256' }
  await amend(w, 'myClient', { signEncOAuth2ClientConfig: signing })
  const jwt = await told(tokens)
  assert.deepEqual([jwt.mail, jwt.aud, jwt.name], [scripted.mail, 'myClient', undefined])
  await amend(w, 'myClient', { signEncOAuth2ClientConfig: { userinfoResponseFormat: 'JSON' } })
})

test('T-4 a script is not told which values a request wants, and a claim of other values is left out', async () => {
  await use(older, '1.0')
  const role: Json = { value: 'admin', essential: true }
  const first = await told(await tokensFor(w, asked('userinfo', { role, mail: { value: 'x@y' } })))
  assert.deepEqual([first.role, first.mail, first.essential], [undefined, undefined, ['role']])
  const same = { mail: { values: ['demo@example.com'] } }
  assert.equal((await told(await tokensFor(w, asked('userinfo', same)))).mail, scripted.mail)
  const { id_token } = await tokensFor(w, asked('id_token', { role, who: null }))
  const { role: none, who, mail } = claimsOf(id_token)
  assert.deepEqual([none, who, mail], [undefined, scripted.who, undefined])
})

const protocol =
  'iss sub aud exp iat nonce acr amr azp at_hash c_hash s_hash sid auth_time realm'.split(' ')

test('PingAM: oidc claims a next-generation script gives a map, or values and composite scopes, and sets no protocol claim', async () => {
  await use(
    `claims.put('team', [requestedClaims.containsKey('team'), scopes.includes('profile')])
    for (const name of ${JSON.stringify(protocol)}) claims.put(name, 'mine')
    claims.put('empty', ''); claims`,
    ...(['2.0', true] as const),
  )
  const tokens = await tokensFor(w, { ...asked('userinfo', { team: null }), nonce: 'n-1' })
  assert.deepEqual(await told(tokens), { team: [true, true], ...whose })
  const said = claimsOf(tokens.id_token)
  assert.deepEqual([said.team, said.nonce], [[false, true], 'n-1'])
  assert.deepEqual(
    protocol.filter((each) => said[each] === 'mine'),
    [],
  )
  await use('({ values: { level: 3 }, compositeScopes: { profile: ["level"] } })')
  assert.deepEqual(await told(tokens), { level: 3, sub: w.demo.sub, subname: 'demo' })
})

test('PingAM: oidc claims a script that fails, gives nothing, or is not there leaves no code spent, and the log names it', async () => {
  await use('throw new Error("no such thing")', '2.0', true)
  const code = await codeFor(w, { scope })
  const { value: refused, events } = await withEvents(() => redeem(w, code))
  assert.deepEqual([refused.status, bodyOf(refused).error], [500, 'server_error'])
  const failed = events.find((each) => each.name === 'script.failed')
  assert.match(String(failed?.fields.reason), /no such thing/)
  for (const source of ['undefined', '[1]', '"text"']) {
    await use(source, '2.0', true)
    assert.equal((await redeem(w, code)).status, 500, source)
  }
  await name('none', true)
  assert.equal((await redeem(w, code)).status, 500)
  await use('({ x: "y" })', '2.0', true)
  const tokens = bodyOf(await redeem(w, code))
  assert.equal(claimsOf(tokens.id_token).x, 'y')
  await use('throw new Error("no")')
  const info = await withToken(w, '/userinfo', tokens.access_token)
  assert.deepEqual([info.status, bodyOf(info).error], [500, 'server_error'])
})

test('PingAM: oidc claims PingAM’s own scripts mean what the account says; a client’s own goes before the realm’s, where its overrides are on', async () => {
  await name('cf3515f0-8278-4ee3-a530-1bad7424c416')
  const tokens = await tokensFor(w, { scope })
  assert.equal((await told(tokens)).given_name, w.demo.attributes.given_name)
  await use('({ whose: "realm" })')
  const own = await writeScript(alpha, { source: '({ whose: "client" })', context })
  const saidBy = async (providerOverridesEnabled: boolean, oidcClaimsScript: string) => {
    const script = { oidcClaimsPluginType: 'SCRIPTED', oidcClaimsScript }
    await override({ providerOverridesEnabled, ...script })
    return (await told(tokens)).whose
  }
  assert.equal(await saidBy(true, own), 'client')
  assert.equal(await saidBy(false, own), 'realm')
  assert.equal(await saidBy(true, '36863ffb-40ec-48b9-94b1-9a99f71cc3b5'), undefined)
})

test('PingAM: oidc claims a script is given the address at which claims are asked for, of userinfo and of ID tokens', async () => {
  await override({ providerOverridesEnabled: false })
  await use('({ at: requestProperties.get("requestUri") })', '2.0', true)
  const tokens = await tokensFor(w, { scope })
  assert.equal(claimsOf(tokens.id_token).at, `${alpha.issuer}/access_token`)
  assert.equal((await told(tokens)).at, `${alpha.issuer}/userinfo`)
  const request_uri = await pushed(w, { response_type: 'code id_token', nonce: 'n', scope })
  const answer = answerOf(await decideByRest(await person(w), request_uri))
  assert.equal(claimsOf(answer.get('id_token')).at, `${alpha.issuer}/authorize`)
})

async function override(more: JsonObject): Promise<void> {
  const path = '/realm-config/agents/OAuth2Client/myClient'
  const { _rev, ...before } = bodyOf(await call('GET', path)) as JsonObject
  const section = before.overrideOAuth2ClientConfig as JsonObject
  const overrideOAuth2ClientConfig = { ...section, ...more }
  const put = await call('PUT', path, { ...before, overrideOAuth2ClientConfig })
  assert.equal(put.status, 200, String(put.body))
}
