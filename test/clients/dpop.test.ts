import assert from 'node:assert/strict'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import * as client from 'openid-client'
import { logIn, oauth2 } from '../party.ts'
import { redirect_uri, secret } from '../register.ts'
import { type RunningServer, startServer } from '../server.ts'
import { wire } from '../wire.ts'

let server: RunningServer
let session: string

/** One client of each kind, that has only tokens tied to a key, in a realm whose proofs carry nonces. */
const document = {
  realms: [
    {
      path: '/alpha',
      provider: { parapetConfig: { dpopNonceLifetime: 3600 } },
      clients: ['Public', 'Confidential'].map((clientType) => ({
        _id: clientType,
        coreOAuth2ClientConfig: {
          clientType,
          redirectionUris: [redirect_uri],
          scopes: ['openid', 'email'],
          ...(clientType === 'Public' ? {} : { userpassword: secret }),
        },
        advancedOAuth2ClientConfig: {
          grantTypes: ['authorization_code', 'refresh_token'],
          responseTypes: ['code'],
          tokenEndpointAuthMethod: clientType === 'Public' ? 'none' : 'client_secret_basic',
          isConsentImplied: true,
        },
        parapetClientConfig: { dpopBoundAccessTokens: true },
      })),
    },
  ],
}

before(async () => {
  const config = join(tmpdir(), `parapet-dpop-${process.pid}.json`)
  await writeFile(config, JSON.stringify(document))
  server = await startServer({ demo: true, env: { PARAPET_CONFIG: config } })
  await rm(config)
  const port = Number(new URL(server.origin).port)
  session = await logIn(wire(port, server.origin))
})
after(async () => {
  await server?.stop()
  assert.deepEqual(server?.alarms, [])
})

/** Counts the demands for a nonce that a client was answered, beside what it was answered at all. */
function counting(): { readonly fetch: typeof fetch; readonly demands: string[] } {
  const demands: string[] = []
  const asking: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init)
    if (answer.headers.has('dpop-nonce') && !answer.ok) demands.push(new URL(answer.url).pathname)
    return answer
  }
  return { fetch: asking, demands }
}

/** Opens an authorization URL as the demo's user and gives where it leads. */
async function visit(url: URL): Promise<URL> {
  const headers = { cookie: `iPlanetDirectoryPro=${session}` }
  const answer = await fetch(url, { headers, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '', url)
}

for (const [client_id, authentication] of [
  ['Public', client.None()],
  ['Confidential', client.ClientSecretBasic(secret)],
] as const) {
  for (const alg of ['ES256', 'Ed25519', 'PS256']) {
    test(`DPOP-22 openid-client: ${client_id}, ${alg}: push, code, userinfo, refresh by tokens tied to a key, with nonces`, async () => {
      const { fetch: asking, demands } = counting()
      const issuer = new URL(`${server.origin}${oauth2}`)
      const config = await client.discovery(issuer, client_id, undefined, authentication, {
        [client.customFetch]: asking as never,
        execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
      })
      assert.ok(config.serverMetadata().dpop_signing_alg_values_supported?.includes(alg))
      const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair(alg))
      const pkceCodeVerifier = client.randomPKCECodeVerifier()
      const expectedState = client.randomState()
      const request = {
        redirect_uri,
        scope: 'openid email',
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
        state: expectedState,
      }
      const url = await client.buildAuthorizationUrlWithPAR(config, request, { DPoP })
      assert.deepEqual(demands, [`${oauth2}/par`])
      const checks = { pkceCodeVerifier, expectedState }
      const landed = await visit(url)
      await assert.rejects(client.authorizationCodeGrant(config, landed, checks))
      const tokens = await client.authorizationCodeGrant(config, landed, checks, undefined, {
        DPoP,
      })
      assert.equal(tokens.token_type, 'dpop')
      const { sub = '' } = tokens.claims() ?? {}
      const user = await client.fetchUserInfo(config, tokens.access_token, sub, { DPoP })
      assert.equal(user.email, 'demo@example.com')
      await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub))
      const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair(alg))
      await assert.rejects(client.fetchUserInfo(config, tokens.access_token, sub, { DPoP: other }))
      const { refresh_token = '' } = tokens
      const fresh = await client.refreshTokenGrant(config, refresh_token, undefined, { DPoP })
      await client.fetchUserInfo(config, fresh.access_token, sub, { DPoP })
      if (client_id === 'Confidential') {
        const told = await client.tokenIntrospection(config, fresh.access_token)
        const jkt = await DPoP.calculateThumbprint()
        assert.deepEqual([told.token_type, told.cnf], ['DPoP', { jkt }])
      }
      // Each handle was told once: one nonce is good for all endpoints, and the next comes in time.
      assert.equal(demands.length, 2, demands.join(' '))
    })
  }
}
