import assert from 'node:assert/strict'
import { test } from 'node:test'
import { administrator } from '../../../test/administrator.ts'
import { base, bodyOf, origin, push, pushForm, requestOf, world } from '../../../test/world.ts'
import type { JsonObject } from '../../base/json.ts'

const url = '/realm-config/services/oauth-oidc'
const realmsUrl = `${origin}/am/json/global-config/realms/?_queryFilter=true`

function paths(body: Record<string, unknown>): string[] {
  const { problems } = body.detail as { problems: string[] }
  return problems.map((problem) => problem.split(':')[0] as string)
}

test('PingAM: services-configuration read alone the provider has an empty _id and plain values', async () => {
  const call = await administrator(await world())
  const response = await call('GET', url)
  const body = bodyOf(response)
  assert.equal(body._id, '')
  assert.equal(response.headers.etag, `"${String(body._rev)}"`)
  assert.deepEqual(body._type, { _id: 'oauth-oidc', name: 'OAuth2 Provider', collection: false })
  const advanced = body.advancedOAuth2Config as JsonObject
  assert.equal(advanced.parRequestUriLifetime, 90)
  assert.equal(advanced.codeVerifierEnforced, 'true')
})

test('PingAM: services-configuration what is read can be put back as it is', async () => {
  const call = await administrator(await world())
  const before = bodyOf(await call('GET', url))
  const put = await call('PUT', url, before)
  assert.equal(put.status, 200)
  assert.deepEqual({ ...bodyOf(put), _rev: before._rev }, before)
})

test('PingAM: services-configuration a change takes effect at once, what is left out is unset', async () => {
  const w = await world()
  const call = await administrator(w)
  const lifetime = async (): Promise<unknown> => bodyOf(await push(w, pushForm())).expires_in
  assert.equal(await lifetime(), 90)
  const set = { advancedOAuth2Config: { parRequestUriLifetime: 17 } }
  assert.equal((await call('PUT', url, set)).status, 200)
  assert.equal(await lifetime(), 17)
  const bare = await push(
    w,
    pushForm({ code_challenge: undefined, code_challenge_method: undefined }),
  )
  assert.equal(bare.status, 400)
  const open = { advancedOAuth2Config: { codeVerifierEnforced: 'false' } }
  assert.equal((await call('PUT', url, open)).status, 200)
  assert.equal(await lifetime(), 90)
})

test('PingAM: services-configuration a setting of AM’s exports that has no effect here is kept', async () => {
  const w = await world()
  const call = await administrator(w)
  const name = 'allowClientCredentialsInTokenRequestQueryParameters'
  assert.equal((await call('PUT', url, { advancedOAuth2Config: { [name]: true } })).status, 200)
  assert.equal((bodyOf(await call('GET', url)).advancedOAuth2Config as JsonObject)[name], true)
  const query = 'client_id=myClient&client_secret=mySecret'
  const form = { grant_type: 'client_credentials', scope: 'write' }
  const asked = await w.serve(requestOf('POST', `${base}/access_token?${query}`, { form }))
  assert.equal(asked.status, 400)
})

test('PingAM: services-configuration a body that is not there changes nothing', async () => {
  const call = await administrator(await world())
  const before = bodyOf(await call('GET', url))
  assert.equal((await call('PUT', url)).status, 400)
  assert.deepEqual(bodyOf(await call('GET', url)), before)
})

test('PingAM: services-configuration all problems are told, and nothing is stored', async () => {
  const call = await administrator(await world())
  const before = bodyOf(await call('GET', url))
  const response = await call('PUT', url, {
    advancedOAuth2Config: {
      parRequestUriLifetime: 600,
      grantTypes: ['authorization_code', 'magic'],
    },
    advancedOIDCConfig: { loaMapping: { gold: 'Nowhere' }, defaultACR: ['silver'] },
    coreOAuth2Config: { macaroonTokensEnabled: true },
    parapetConfig: {
      journeys: ['Login', 'Invented'],
      corsOrigins: ['https://app.example/'],
      cookieName: 'a cookie',
    },
  })
  assert.equal(response.status, 400)
  assert.deepEqual(paths(bodyOf(response)), [
    'advancedOAuth2Config.parRequestUriLifetime',
    'advancedOAuth2Config.grantTypes[1]',
    'parapetConfig.corsOrigins[0]',
    'parapetConfig.cookieName',
    'advancedOIDCConfig.defaultACR[0]',
    'parapetConfig.journeys[1]',
  ])
  assert.deepEqual(bodyOf(await call('GET', url)), before)
  const unknown = await call('PUT', url, { advancedOAuth2Config: { parRequestUriLifetme: 1 } })
  assert.equal(bodyOf(unknown).message, 'Invalid attribute specified.')
})

test('K-8 the header with a client’s certificate is one that carries nothing else', async () => {
  const call = await administrator(await world())
  const put = (name: string) =>
    call('PUT', url, { advancedOAuth2Config: { tlsClientCertificateTrustedHeader: name } })
  for (const name of ['X-Client-Cert', 'Client-Cert', 'ssl-client-cert', ''])
    assert.equal((await put(name)).status, 200, name)
  const others = [
    ...['two words', 'a:b', 'Authorization', 'cookie', 'Host', 'X-Forwarded-For', 'X-Real-IP'],
    ...['User-Agent', 'Connection', 'Transfer-Encoding', 'TE', 'Upgrade', 'Keep-Alive', 'Expect'],
    ...['Accept', 'Accept-API-Version', 'Accept-Language', 'Referer', 'Sec-Fetch-Site', 'Via'],
    ...['If-Match', 'Range', 'X-Requested-With', 'X-OpenAM-Password', 'X-FAPI-Interaction-Id'],
    ...['DPoP', 'Client-Cert-Chain', 'iPlanetDirectoryPro', 'iplanetdirectorypro'],
  ]
  for (const name of others)
    assert.deepEqual(
      paths(bodyOf(await put(name))),
      ['advancedOAuth2Config.tlsClientCertificateTrustedHeader'],
      name,
    )
  const both = await call('PUT', url, {
    advancedOAuth2Config: { tlsClientCertificateTrustedHeader: 'X-Session' },
    parapetConfig: { cookieName: 'x-session' },
  })
  assert.deepEqual(paths(bodyOf(both)), ['advancedOAuth2Config.tlsClientCertificateTrustedHeader'])
})

test('K-8, C-39 that revocation of certificates is switched on is kept and named, since nothing is checked', async () => {
  const call = await administrator(await world())
  const name = 'tlsCertificateRevocationCheckingEnabled'
  const put = (on: boolean) => call('PUT', url, { advancedOAuth2Config: { [name]: on } })
  assert.equal((await put(false)).status, 200)
  assert.deepEqual(bodyOf(await put(true)).parapet, { unserved: [`advancedOAuth2Config.${name}`] })
})

test('RFC 9110 §13.1 If-Match and If-None-Match decide over a write', async () => {
  const call = await administrator(await world())
  const rev = String(bodyOf(await call('GET', url))._rev)
  assert.equal((await call('PUT', url, {}, { 'if-none-match': '*' })).status, 412)
  assert.equal((await call('PUT', url, {}, { 'if-match': '"0"' })).status, 412)
  const writes = Array.from({ length: 10 }, () => call('PUT', url, {}, { 'if-match': rev }))
  const outcomes = (await Promise.all(writes)).map(({ status }) => status).sort((a, b) => a - b)
  assert.deepEqual(outcomes, [200, ...Array<number>(9).fill(412)])
})

test('PingAM: services-configuration the list of services has the provider by its name', async () => {
  const call = await administrator(await world())
  const list = bodyOf(await call('POST', '/realm-config/services?_action=nextdescendents'))
  assert.deepEqual(Object.keys(list), ['result'])
  const [service] = list.result as JsonObject[]
  assert.equal(service?._id, 'oauth-oidc')
  assert.deepEqual(bodyOf(await call('POST', `${url}?_action=nextdescendents`)), { result: [] })
  assert.equal((await call('POST', `${url}?_action=explode`)).status, 400)
  const query = bodyOf(await call('GET', '/realm-config/services?_queryFilter=true'))
  assert.equal(query.resultCount, 1)
  assert.equal((await call('GET', '/realm-config/services/email')).status, 404)
})

test('PingAM: rest-realms the realms are listed in root, named by their paths; elsewhere that one and those below', async () => {
  const call = await administrator(await world())
  const { result } = bodyOf(await call('GET', realmsUrl)) as { result: JsonObject[] }
  assert.deepEqual(
    result.map(({ _rev, ...rest }) => rest),
    [
      { _id: 'Lw', parentPath: null, active: true, name: '/', aliases: [] },
      { _id: 'L2FscGhh', parentPath: '/', active: true, name: 'alpha', aliases: [] },
      { _id: 'L2JyYXZv', parentPath: '/', active: true, name: 'bravo', aliases: [] },
    ],
  )
  const below = bodyOf(await call('GET', '/global-config/realms?_queryFilter=true'))
  assert.deepEqual(below.result, [result[1]])
})
