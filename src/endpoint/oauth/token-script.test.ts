import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { provider } from '../../../test/export.ts'
import {
  account,
  answerOf,
  codeFor,
  decideByRest,
  person,
  redeem,
  refresh,
  tokenRequest,
} from '../../../test/flow.ts'
import { mail, notes, resource } from '../../../test/resource.ts'
import { writeScript } from '../../../test/scripts.ts'
import { base, basic, bodyOf, pushed, requestOf, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const w = await world()
const call = await administrator(w)
const alpha = await w.realm()
const context = 'OAUTH2_ACCESS_TOKEN_MODIFICATION'

/** Makes a script that of the realm, and says whether its tokens are JWTs. */
async function use(source: string, stateless: boolean, version: '1.0' | '2.0' = '1.0') {
  const accessTokenModificationScript = await writeScript(alpha, { source, version, context })
  const put = await call('PUT', provider, {
    coreOAuth2Config: { statelessTokensEnabled: stateless },
    pluginsConfig: { accessTokenModificationScript },
  })
  assert.equal(put.status, 200, String(put.body))
  // It is served, so that nothing is named as what is not.
  assert.equal(bodyOf(put).parapet, undefined)
}

function claimsOf(token: unknown): JsonObject {
  const [, payload = ''] = String(token).split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as JsonObject
}

async function introspected(token: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: basic() }
  const form = { token: String(token) }
  return bodyOf(await w.serve(requestOf('POST', `${base}/introspect`, { headers, form })))
}

const source = `(function () {
  accessToken.setField('mail', String(identity.getAttributeValues('mail').toArray()[0]))
  accessToken.setField('list', [1, {a: 'b'}])
  accessToken.setField('asked', scopes.contains('write') + ' ' + clientProperties.get('clientId') + ' ' + requestProperties.get('requestParams').get('grant_type').get(0))
  accessToken.setField('sub', 'somebody else'); accessToken.setField('exp', 1); accessToken.setField('scope', ['everything'])
}())`

for (const stateless of [true, false])
  test(`PingAM: access token modification adds to ${stateless ? 'a JWT' : 'an opaque token'}, to its introspection, and again at a refresh`, async () => {
    await use(source, stateless)
    const first = bodyOf(await redeem(w, await codeFor(w)))
    const later = bodyOf(await refresh(w, first.refresh_token))
    for (const [tokens, grant] of [
      [first, 'authorization_code'],
      [later, 'refresh_token'],
    ] as const) {
      const told = await introspected(tokens.access_token)
      const said = stateless ? claimsOf(tokens.access_token) : told
      for (const each of [told, said]) {
        assert.equal(each.mail, 'demo@example.com')
        assert.deepEqual(each.list, [1, { a: 'b' }])
        assert.equal(each.asked, `true myClient ${grant}`)
        assert.equal(each.sub, w.demo.sub)
        assert.ok(Number(each.exp) > w.clock.now)
        assert.ok(!String(each.scope).includes('everything'))
      }
    }
  })

test('PingAM: access token modification a script that fails, or is not there, leaves no code spent', async () => {
  await use('throw new Error("no")', true, '2.0')
  const code = await codeFor(w)
  const refused = await redeem(w, code)
  assert.deepEqual([refused.status, bodyOf(refused).error], [500, 'server_error'])
  await call('PUT', provider, { pluginsConfig: { accessTokenModificationScript: 'none' } })
  assert.equal((await redeem(w, code)).status, 500)
  await use('accessToken.setField("x", "y")', true, '2.0')
  assert.equal(claimsOf(bodyOf(await redeem(w, code)).access_token).x, 'y')
})

test('PingAM: access token modification PingAM’s own script changes nothing', async () => {
  const accessTokenModificationScript = 'd22f9a0c-426a-4466-b95e-d0f125b0d5fa'
  await call('PUT', provider, { pluginsConfig: { accessTokenModificationScript } })
  assert.equal((await redeem(w, await codeFor(w))).status, 200)
})

test('PingAM: access token modification a client’s own script goes before the realm’s, where its overrides are on', async () => {
  await use('accessToken.setField("whose", "realm")', true, '2.0')
  const own = await writeScript(alpha, {
    source: 'accessToken.setField("whose", "client")',
    context,
  })
  const path = '/realm-config/agents/OAuth2Client/myClient'
  const { _rev, ...before } = bodyOf(await call('GET', path)) as JsonObject
  const whose = async (more: JsonObject): Promise<unknown> => {
    const overrideOAuth2ClientConfig = {
      ...(before.overrideOAuth2ClientConfig as JsonObject),
      ...{ statelessTokensEnabled: true, issueRefreshToken: true, ...more },
    }
    const put = await call('PUT', path, { ...before, overrideOAuth2ClientConfig })
    assert.equal(put.status, 200, String(put.body))
    return claimsOf(bodyOf(await redeem(w, await codeFor(w))).access_token).whose
  }
  const scripted = {
    ...{ accessTokenModificationPluginType: 'SCRIPTED', accessTokenModificationScript: own },
  }
  assert.equal(await whose({ providerOverridesEnabled: true, ...scripted }), 'client')
  assert.equal(await whose({ providerOverridesEnabled: false, ...scripted }), 'realm')
  const ofRealm = { ...scripted, accessTokenModificationPluginType: 'PROVIDER' }
  assert.equal(await whose({ providerOverridesEnabled: true, ...ofRealm }), 'realm')
})

test('PingAM: a script is given the session under the name that its user has today', async () => {
  await use(`accessToken.setField('by', String(session.getProperty('UserToken')))`, true)
  const user = await account(w, 'ann')
  const first = bodyOf(await redeem(w, await codeFor(w, {}, await person(w, { user }))))
  assert.equal((await call('PUT', `/users/${user.sub}`, { username: 'anna' })).status, 200)
  const later = bodyOf(await refresh(w, first.refresh_token))
  assert.deepEqual(
    [first, later].map(({ access_token }) => claimsOf(access_token).by),
    ['ann', 'anna'],
  )
})

test('PingAM: a script is given what was asked for, and which grants its client may use, by each way to a token', async () => {
  const told = `
    var asked = requestProperties.get('requestParams')
    accessToken.setField('asked', [].concat(asked.get('grant_type') || asked.get('response_type'), asked.get('scope')))
    accessToken.setField('grants', clientProperties.get('allowedGrantTypes'))`
  await use(told, true)
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const direct = claimsOf(bodyOf(await tokenRequest(w, form)).access_token)
  assert.deepEqual(direct.asked, ['client_credentials', 'write'])
  const response_type = 'code token'
  const request_uri = await pushed(w, { response_type, nonce: 'n' })
  const answer = answerOf(await decideByRest(await person(w), request_uri))
  const early = claimsOf(answer.get('access_token'))
  assert.deepEqual(early.asked, [response_type, answer.get('scope')])
  for (const { grants } of [direct, early]) {
    assert.ok(Array.isArray(grants))
    assert.deepEqual(
      ['authorization_code', 'client_credentials', 'password'].map((each) => grants.includes(each)),
      [true, true, false],
    )
  }
})

test('PingAM: of a parameter that was sent several times a script is given each value', async () => {
  for (const each of [notes, mail]) await resource(w, each, { scopes: ['write'] })
  await use(
    `accessToken.setField('asked', requestProperties.get('requestParams').get('resource'))`,
    true,
  )
  const both = `${notes} ${mail}`
  const answer = answerOf(
    await decideByRest(
      await person(w),
      await pushed(w, { response_type: 'code token', nonce: 'n', resource: both }),
    ),
  )
  assert.deepEqual(claimsOf(answer.get('access_token')).asked, [notes, mail])
  const code = await codeFor(w, { resource: both }, await person(w))
  const tokens = bodyOf(await redeem(w, code, { resource: both }))
  assert.deepEqual(claimsOf(tokens.access_token).asked, [notes, mail])
  const later = bodyOf(await refresh(w, tokens.refresh_token, { resource: mail }))
  assert.deepEqual(claimsOf(later.access_token).asked, [mail])
})

test('PingAM: a script of a token that is nobody’s finds neither session nor identity, and may ask', async () => {
  for (const version of ['1.0', '2.0'] as const) {
    await use('accessToken.setField("there", [session != null, identity !== null])', true, version)
    const form = { grant_type: 'client_credentials', scope: 'write' }
    const own = await tokenRequest(w, form)
    assert.equal(own.status, 200, String(own.body))
    assert.deepEqual(claimsOf(bodyOf(own).access_token).there, [false, false])
    const theirs = bodyOf(await redeem(w, await codeFor(w)))
    assert.deepEqual(claimsOf(theirs.access_token).there, [true, true])
  }
})

test('RFC 9068 §2.2.1: a script forges nothing that a token says of itself, of how somebody logged in or of who acts', async () => {
  const forged =
    'iss sub aud exp iat nbf jti client_id azp scope cnf acr amr auth_time sid act nonce at_hash c_hash s_hash events typ'.split(
      ' ',
    )
  for (const stateless of [true, false]) {
    await use('accessToken.setField("may_act", {sub: "agent"})', stateless)
    const plain = bodyOf(await redeem(w, await codeFor(w)))
    const set = forged.map((name) => `accessToken.setField('${name}', 'forged')`).join('; ')
    await use(`${set}; accessToken.setField("may_act", {sub: "agent"})`, stateless)
    const tokens = bodyOf(await redeem(w, await codeFor(w)))
    for (const told of stateless ? [introspected, claimsOf] : [introspected]) {
      const said: JsonObject = { ...(await told(tokens.access_token)) } as JsonObject
      assert.deepEqual(Object.keys(said).sort(), Object.keys(await told(plain.access_token)).sort())
      assert.ok(!JSON.stringify(said).includes('forged'), JSON.stringify(said))
      assert.deepEqual(said.may_act, { sub: 'agent' })
    }
  }
})

test('PingAM: a script finds the custom properties of its client', async () => {
  const path = '/realm-config/agents/OAuth2Client/myClient'
  const { _rev, ...before } = bodyOf(await call('GET', path)) as JsonObject
  const customProperties = [
    ...['tier=gold', ' note = a = b ', 'limits[day]=5', 'limits[hour]=1', 'list[0]=x'],
    ...['tier=silver', 'nothing', '=none', 'empty='],
  ]
  const advanced = { ...(before.advancedOAuth2ClientConfig as JsonObject), customProperties }
  const put = await call('PUT', path, { ...before, advancedOAuth2ClientConfig: advanced })
  assert.equal(put.status, 200, String(put.body))
  assert.ok(!JSON.stringify(bodyOf(put).parapet).includes('customProperties'))
  for (const version of ['1.0', '2.0'] as const) {
    await use(
      `var custom = clientProperties.get('customProperties')
        accessToken.setField('custom', custom); accessToken.setField('day', String(custom.get('limits').get('day')))`,
      ...([true, version] as const),
    )
    const { custom, day } = claimsOf(bodyOf(await redeem(w, await codeFor(w))).access_token)
    assert.deepEqual(custom, {
      ...{ tier: 'silver', note: 'a = b', limits: { day: '5', hour: '1' } },
      ...{ list: { 0: 'x' }, empty: '' },
    })
    assert.equal(day, '5')
  }
})

test('PingAM: a script is given the address at which its token is made, by each way to one', async () => {
  await use(`accessToken.setField('at', requestProperties.get('requestUri'))`, true)
  const at = (token: unknown) => claimsOf(token).at
  const redeemed = bodyOf(await redeem(w, await codeFor(w)))
  const own = { grant_type: 'client_credentials', scope: 'write' }
  const refreshed = bodyOf(await refresh(w, redeemed.refresh_token))
  for (const { access_token } of [redeemed, refreshed, bodyOf(await tokenRequest(w, own))]) {
    assert.equal(at(access_token), `${alpha.issuer}/access_token`)
  }
  const request_uri = await pushed(w, { response_type: 'code token', nonce: 'n' })
  const answer = answerOf(await decideByRest(await person(w), request_uri))
  assert.equal(at(answer.get('access_token')), `${alpha.issuer}/authorize`)
})
