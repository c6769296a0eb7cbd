/** Where libraries are tried: a server that speaks TLS itself, a client for each trial, and somebody who is logged in. */
import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { JsonObject } from '../../../src/base/json.ts'
import { elements } from '../../html-tree.ts'
import { parsed } from '../../mtls.ts'
import { authority, cn, type Issued, issue } from '../../pki.ts'
import { identityOf, startTlsServer } from '../../tls-wire.ts'

const redirect_uri = 'https://application.example/callback'
const secret = 'the secret of the application'
export const email = 'demo@example.com'

/** What came to the redirect URI: by a redirect its address, by a form what was posted there too. */
export interface Arrival {
  readonly url: string
  readonly body?: string
}

/** A client that may introspect its own tokens, by how it proves itself. */
export type Prover = 'secret' | 'certificate'

export interface Stage {
  /** What a program is told of server and client. */
  readonly environment: Readonly<Record<string, string>>
  /** `x5t#S256` of the certificate that the client shows. */
  readonly thumbprint: string
  /** Opens an authorization URL as somebody who is logged in. */
  visit(url: string): Promise<Arrival>
  /** Status of userinfo for whoever has the token and nothing else. */
  statusOf(access_token: string): Promise<number>
  introspect(client_id: string, access_token: string, by: Prover): Promise<JsonObject>
  close(): Promise<void>
}

/** Each trial's client; proofs by DPoP need a nonce in this realm. */
function documentOf(own: Issued, encryptionKey: JsonObject): JsonObject {
  const signed = { authorizationResponseSigningAlgorithm: 'ES256' }
  const keys = { publicKeyLocation: 'jwks', jwkSet: JSON.stringify({ keys: [encryptionKey] }) }
  const clients = {
    dpop: { parapetClientConfig: { dpopBoundAccessTokens: true } },
    signed: { signEncOAuth2ClientConfig: signed },
    encrypted: {
      signEncOAuth2ClientConfig: {
        ...signed,
        ...keys,
        authorizationResponseEncryptionAlgorithm: 'ECDH-ES',
      },
    },
    mtls: {
      signEncOAuth2ClientConfig: {
        mTLSTrustedCert: own.pem,
        mTLSCertificateBoundAccessTokens: true,
      },
    },
  }
  return {
    realms: [
      {
        path: '/alpha',
        provider: {
          advancedOAuth2Config: { codeVerifierEnforced: 'true' },
          parapetConfig: { dpopNonceLifetime: 3600 },
        },
        clients: Object.entries(clients).map(([_id, differing]) => ({
          _id,
          coreOAuth2ClientConfig: {
            redirectionUris: [redirect_uri],
            scopes: ['openid', 'email'],
            userpassword: secret,
          },
          advancedOAuth2ClientConfig: {
            grantTypes: ['authorization_code'],
            responseTypes: ['code'],
            tokenEndpointAuthMethod:
              _id === 'mtls' ? 'self_signed_tls_client_auth' : 'client_secret_basic',
            isConsentImplied: true,
          },
          ...differing,
        })),
      },
    ],
  }
}

export async function openStage(folder: string): Promise<Stage> {
  const own = issue({ subject: cn('an application') })
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const named = { kid: 'for answers', use: 'enc', alg: 'ECDH-ES' }
  const encryptionKey = { ...publicKey.export({ format: 'jwk' }), ...named } as JsonObject
  const { cert = '', key = '' } = identityOf([own])
  const place = (name: string): string => join(folder, name)
  await writeFile(place('client.pem'), cert)
  await writeFile(place('client.key'), key)
  await writeFile(place('realms.json'), JSON.stringify(documentOf(own, encryptionKey)))
  const tls = await startTlsServer(authority('CA'), { PARAPET_CONFIG: place('realms.json') })
  const issuer = `${tls.server.origin}/am/oauth2/realms/root/realms/alpha`
  const cookie = `iPlanetDirectoryPro=${await logIn(tls.fetchWith(), tls.server.origin)}`
  return {
    environment: {
      ISSUER: issuer,
      REDIRECT_URI: redirect_uri,
      CLIENT_SECRET: secret,
      CLIENT_CERT: place('client.pem'),
      CLIENT_KEY: place('client.key'),
      SERVER_CERT: join(tls.folder, 'server.pem'),
      DECRYPTION_KEY: JSON.stringify({ ...privateKey.export({ format: 'jwk' }), ...named }),
    },
    thumbprint: parsed(own).thumbprint,
    visit: async (url) => arrivalOf(await tls.fetchWith()(url, { headers: { cookie } })),
    async statusOf(token) {
      const headers = { authorization: `Bearer ${token}` }
      return (await tls.fetchWith()(`${issuer}/userinfo`, { headers })).status
    },
    async introspect(client_id, token, by) {
      const basic = { authorization: `Basic ${btoa(`${client_id}:${secret}`)}` }
      const fetched = by === 'certificate' ? tls.fetchWith(own) : tls.fetchWith()
      const answer = await fetched(`${issuer}/introspect`, {
        method: 'POST',
        headers: by === 'secret' ? basic : {},
        body: new URLSearchParams({ token, ...(by === 'certificate' && { client_id }) }),
      })
      return (await answer.json()) as JsonObject
    },
    async close() {
      await tls.close()
      assert.deepEqual(tls.server.alarms, [])
    },
  }
}

async function logIn(fetched: typeof fetch, origin: string): Promise<string> {
  const answer = await fetched(`${origin}/am/json/realms/root/realms/alpha/authenticate`, {
    method: 'POST',
    headers: {
      'accept-api-version': 'resource=2.0, protocol=1.0',
      'content-type': 'application/json',
      'x-openam-username': 'demo',
      'x-openam-password': 'Ch4ng31t',
    },
  })
  return ((await answer.json()) as { tokenId: string }).tokenId
}

/** Where an answer sends a browser: by `Location`, or by a form that posts itself. */
async function arrivalOf(answer: Response): Promise<Arrival> {
  const location = answer.headers.get('location')
  if (location !== null) return { url: location }
  const page = await answer.text()
  const [form] = elements(page, 'form')
  const url = form?.attributes.get('action') ?? ''
  assert.ok(url.startsWith(redirect_uri), `${answer.status} ${page.slice(0, 2000)}`)
  const fields = elements(page, 'input').flatMap(({ attributes }): [string, string][] => {
    const name = attributes.get('name')
    return name === undefined ? [] : [[name, attributes.get('value') ?? '']]
  })
  return { url, body: new URLSearchParams(fields).toString() }
}
