import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { createServer, type Server } from 'node:https'
import { after, before, test } from 'node:test'
import type { TLSSocket } from 'node:tls'
import * as client from 'openid-client'
import { selfSigned, type TestCertificate } from '../certificate.ts'
import { parsed } from '../mtls.ts'
import { administrator, ask, oauth2, setProvider } from '../party.ts'
import { cn, type Issued, issue } from '../pki.ts'
import { type RunningServer, startServer } from '../server.ts'
import { fetchOver } from '../tls-wire.ts'
import { freePorts, jsonOf, type Wire, wire } from '../wire.ts'

const redirect_uri = 'https://rp.example/cb'
const own = issue({ subject: cn('own') })
const other = issue({ subject: cn('other') })

let tls: TestCertificate
/** At the address of the issuer, and at the one of its own for certificates. */
let proxies: readonly Server[] = []
let alias = ''
let server: RunningServer
let w: Wire
let issuer: URL

/**
 * Ends TLS as nginx does with `ssl_verify_client optional_no_ca` and
 * `proxy_set_header X-Client-Cert $ssl_client_escaped_cert`: the client's own header never passes.
 */
function startProxy(port: number, to: number): Server {
  const listener = createServer(
    { ...tls, requestCert: true, rejectUnauthorized: false },
    (asked, answer) => {
      const shown = (asked.socket as TLSSocket).getPeerX509Certificate()
      const { 'x-client-cert': _own, ...rest } = asked.headers
      const certificate = shown && { 'x-client-cert': encodeURIComponent(shown.toString()) }
      const options = { host: '127.0.0.1', port: to, method: asked.method, path: asked.url }
      const passed = request({ ...options, headers: { ...rest, ...certificate } }, (answered) => {
        answer.writeHead(answered.statusCode ?? 502, answered.headers)
        answered.pipe(answer)
      })
      asked.pipe(passed)
    },
  )
  return listener.listen(port, '127.0.0.1')
}

before(async () => {
  tls = selfSigned('localhost')
  const [outside = 0, beside = 0, inside = 0] = await freePorts(3)
  const origin = `https://localhost:${outside}`
  alias = `https://localhost:${beside}`
  const addresses = { PARAPET_BASE_URL: origin, PARAPET_MTLS_URL: alias }
  const trust = { PARAPET_TRUSTED_PROXIES: '127.0.0.1' }
  server = await startServer({ demo: true, env: { PORT: String(inside), ...addresses, ...trust } })
  proxies = [startProxy(outside, inside), startProxy(beside, inside)]
  await Promise.all(proxies.map((each) => once(each, 'listening')))
  issuer = new URL(origin + oauth2)
  w = wire(inside, origin)
})

after(async () => {
  w.close()
  for (const each of proxies) {
    each.closeAllConnections()
    each.close()
  }
  await server.stop()
  assert.deepEqual(server.alarms, [])
})

/** The global `fetch` through the proxy, showing these. */
function showing(...certificates: readonly Issued[]): typeof fetch {
  return fetchOver(tls.cert, certificates)
}

function discover(fetched: typeof fetch): Promise<client.Configuration> {
  return client.discovery(issuer, 'own', undefined, client.TlsClientAuth(), {
    [client.customFetch]: fetched as never,
  })
}

test('K-8, BCP-21 a certificate through a TLS-terminating proxy proves the client, once the realm names the header', async () => {
  const administer = await administrator(w)
  const enrolled = await administer('PUT', '/agents/OAuth2Client/own', {
    coreOAuth2ClientConfig: { redirectionUris: [redirect_uri], scopes: ['write'] },
    advancedOAuth2ClientConfig: {
      grantTypes: ['client_credentials', 'authorization_code'],
      tokenEndpointAuthMethod: 'self_signed_tls_client_auth',
    },
    signEncOAuth2ClientConfig: { mTLSTrustedCert: own.pem },
  })
  jsonOf(enrolled, 201)
  const methods = async (): Promise<readonly string[]> =>
    (await discover(showing())).serverMetadata().token_endpoint_auth_methods_supported ?? []
  assert.ok(!(await methods()).includes('self_signed_tls_client_auth'))
  const early = await discover(showing(own))
  await assert.rejects(client.clientCredentialsGrant(early), { error: 'invalid_client' })

  const header = 'tlsClientCertificateTrustedHeader'
  await setProvider(administer, 'advancedOAuth2Config', header, 'X-Client-Cert')
  assert.ok((await methods()).includes('self_signed_tls_client_auth'))
  const good = await discover(showing(own))
  const tokens = await client.clientCredentialsGrant(good, { scope: 'write' })
  assert.equal((await client.tokenIntrospection(good, tokens.access_token)).active, true)
  const url = await client.buildAuthorizationUrlWithPAR(good, {
    redirect_uri,
    scope: 'write',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  assert.match(url.searchParams.get('request_uri') ?? '', /^urn:/)
})

test('K-8 through the proxy: no certificate, another one, or a header of the client’s own making', async () => {
  const forged = encodeURIComponent(own.pem)
  for (const certificates of [[], [other]]) {
    const body = new URLSearchParams({ client_id: 'own', grant_type: 'client_credentials' })
    const headers = { 'X-Client-Cert': forged }
    const options = { method: 'POST', body, headers }
    const answer = await showing(...certificates)(`${issuer.href}/access_token`, options)
    assert.equal(answer.status, 400)
    assert.equal(((await answer.json()) as { error: string }).error, 'invalid_client')
  }
})

test('K-8 an address that is no trusted proxy sends the header in vain', async () => {
  const [port = 0] = await freePorts(1)
  const env = {
    PORT: String(port),
    PARAPET_TRUSTED_PROXIES: '192.0.2.1',
    PARAPET_BASE_URL: w.origin,
  }
  const { data } = server
  const second = await startServer({ demo: true, data, env })
  const direct = wire(port, w.origin)
  const party = {
    client_id: 'own',
    proof: () => ({
      headers: { 'x-client-cert': encodeURIComponent(own.pem) },
      form: { client_id: 'own' },
    }),
  }
  const parameters = { grant_type: 'client_credentials', scope: 'write' }
  try {
    const answer = await ask(direct, party, '/access_token', parameters)
    assert.equal(jsonOf(answer, 400).error, 'invalid_client')
    // The same, by the address that is trusted where the proxy is.
    assert.equal((await ask(w, party, '/access_token', parameters)).status, 200)
  } finally {
    direct.close()
    await second.stop()
  }
})

test('MTLS-6, MTLS-11 openid-client by the aliases: a client by secret, whose certificate is seen there alone, has tokens of it', async () => {
  const administer = await administrator(w)
  const secret = 'T3st-0f_9aQzLmXw7RvKpYcJb2NsHd6UeGi8FoBtWqE'
  const enrolled = await administer('PUT', '/agents/OAuth2Client/bound', {
    coreOAuth2ClientConfig: {
      ...{ redirectionUris: [redirect_uri], scopes: ['write'], userpassword: secret },
    },
    advancedOAuth2ClientConfig: { grantTypes: ['client_credentials', 'authorization_code'] },
    signEncOAuth2ClientConfig: { mTLSCertificateBoundAccessTokens: true },
  })
  jsonOf(enrolled, 201)
  const asked: string[] = []
  const fetched: typeof fetch = (input, init) => {
    const url = String(input)
    asked.push(new URL(url).origin)
    return (url.startsWith(alias) ? showing(other) : showing())(url, init)
  }
  const by = (use_mtls_endpoint_aliases: boolean): Promise<client.Configuration> =>
    client.discovery(
      issuer,
      'bound',
      { use_mtls_endpoint_aliases },
      client.ClientSecretBasic(secret),
      { [client.customFetch]: fetched as never },
    )
  const bare = await by(false)
  await assert.rejects(client.clientCredentialsGrant(bare, { scope: 'write' }), {
    error: 'invalid_request',
    error_description: 'A client certificate is required',
  })
  const config = await by(true)
  const { access_token } = await client.clientCredentialsGrant(config, { scope: 'write' })
  const known = await client.tokenIntrospection(config, access_token)
  const print = parsed(other).thumbprint
  assert.deepEqual([known.iss, known.cnf], [issuer.href, { 'x5t#S256': print }])
  const pushed = await client.buildAuthorizationUrlWithPAR(config, {
    ...{ redirect_uri, scope: 'write', code_challenge_method: 'S256' },
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  })
  assert.equal(pushed.origin, issuer.origin)
  const statuses = [alias, issuer.origin].map(async (at) => {
    const url = new URL(`${at}${oauth2}/tokeninfo`)
    const answer = await client
      .fetchProtectedResource(config, access_token, url, 'GET')
      .catch((error: unknown) => (error as client.WWWAuthenticateChallengeError).response)
    return answer?.status
  })
  assert.deepEqual(await Promise.all(statuses), [200, 401])
  assert.deepEqual(new Set(asked), new Set([issuer.origin, alias]))
})
