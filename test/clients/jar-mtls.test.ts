import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { authority, cn, issue } from '../pki.ts'
import { openTlsStage, redirect_uri, type TlsStage } from './tls-stage.ts'

const ca = authority('CA')
const managed = issue({ subject: cn('managed'), issuer: ca })
const own = issue({ subject: cn('own') })

/** What they prove themselves with, and by which name; they sign their requests with another key. */
const clients = {
  tls_client_auth: { client_id: 'managed', shows: managed, names: { mTLSSubjectDN: 'CN=managed' } },
  self_signed_tls_client_auth: {
    client_id: 'own',
    shows: own,
    names: { mTLSTrustedCert: own.pem },
  },
} as const

let stage: TlsStage
let key: { readonly key: oauth.CryptoKey; readonly kid: string }

before(async () => {
  const { publicKey, privateKey } = await oauth.generateKeyPair('ES256', { extractable: true })
  key = { key: privateKey, kid: 'first' }
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'first', use: 'sig' }
  const keys = { publicKeyLocation: 'jwks', jwkSet: JSON.stringify({ keys: [jwk] }) }
  stage = await openTlsStage(ca)
  for (const [method, { client_id, names }] of Object.entries(clients)) {
    await stage.enrol(method, client_id, { ...keys, ...names })
  }
})
after(() => stage?.close())

for (const [method, { client_id, shows }] of Object.entries(clients)) {
  for (const way of ['pushed', 'by value'] as const) {
    test(`RFC 9101 §4 openid-client: ${method}: a request object, ${way}`, async () => {
      const config = await client.discovery(
        stage.issuer,
        client_id,
        undefined,
        client.TlsClientAuth(),
        {
          [client.customFetch]: stage.tls.fetchWith(shows) as never,
          execute: [client.enableNonRepudiationChecks],
        },
      )
      const pkceCodeVerifier = client.randomPKCECodeVerifier()
      const expectedState = client.randomState()
      const signed = await client.buildAuthorizationUrlWithJAR(
        config,
        {
          redirect_uri,
          scope: 'openid write',
          code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
          code_challenge_method: 'S256',
          state: expectedState,
        },
        key,
      )
      assert.deepEqual([...signed.searchParams.keys()].sort(), ['client_id', 'request'])
      const url =
        way === 'pushed'
          ? await client.buildAuthorizationUrlWithPAR(config, signed.searchParams)
          : signed
      const checks = { pkceCodeVerifier, expectedState }
      const tokens = await client.authorizationCodeGrant(config, await stage.visit(url), checks)
      assert.equal(tokens.claims()?.aud, client_id)
    })

    test(`RFC 9101 §4 oauth4webapi: ${method}: a request object, ${way}`, async () => {
      const options = { [oauth.customFetch]: stage.tls.fetchWith(shows) as never }
      const found = await oauth.discoveryRequest(stage.issuer, options)
      const as = await oauth.processDiscoveryResponse(stage.issuer, found)
      const [me, proof] = [{ client_id }, oauth.TlsClientAuth()]
      const verifier = oauth.generateRandomCodeVerifier()
      const parameters = {
        redirect_uri,
        response_type: 'code',
        scope: 'openid write',
        code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
      }
      const request = await oauth.issueRequestObject(as, me, parameters, key)
      const url = new URL(as.authorization_endpoint ?? '')
      if (way === 'pushed') {
        const body = new URLSearchParams({ request })
        const answer = await oauth.pushedAuthorizationRequest(as, me, proof, body, options)
        const { request_uri } = await oauth.processPushedAuthorizationResponse(as, me, answer)
        url.search = new URLSearchParams({ client_id, request_uri }).toString()
      } else url.search = new URLSearchParams({ client_id, request }).toString()
      const response = oauth.validateAuthResponse(as, me, await stage.visit(url))
      const redeemed = await oauth.authorizationCodeGrantRequest(
        ...[as, me, proof, response, redirect_uri, verifier, options],
      )
      const tokens = await oauth.processAuthorizationCodeResponse(as, me, redeemed)
      assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.aud, client_id)
    })
  }
}
