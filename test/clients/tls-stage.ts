/** A server that speaks TLS and asks for certificates, with clients registered over AM's JSON. */
import assert from 'node:assert/strict'
import type { authority } from '../pki.ts'
import { adminPassword } from '../server.ts'
import { startTlsServer, type TlsServer } from '../tls-wire.ts'

export const redirect_uri = 'https://rp.example/cb'

const realm = '/am/json/realms/root/realms/alpha'

export interface TlsStage {
  readonly tls: TlsServer
  readonly issuer: URL
  /** Registers a client of alpha under AM's names; `keys` are its `signEncOAuth2ClientConfig`. */
  enrol(method: string, client_id: string, keys: Readonly<Record<string, unknown>>): Promise<void>
  /** Opens an authorization URL as the demo's user and gives where it leads. */
  visit(url: URL): Promise<URL>
  close(): Promise<void>
}

export async function openTlsStage(ca: ReturnType<typeof authority>): Promise<TlsStage> {
  const tls = await startTlsServer(ca)
  const admin = await logIn(tls, '/am/json/realms/root', 'amadmin', adminPassword)
  const session = await logIn(tls, realm, 'demo', 'Ch4ng31t')
  return {
    tls,
    issuer: new URL(`${tls.server.origin}/am/oauth2/realms/root/realms/alpha`),
    enrol: (method, client_id, keys) => enrol(tls, admin, { method, client_id, keys }),
    async visit(url) {
      const answer = await tls.fetchWith()(url, {
        headers: { cookie: `iPlanetDirectoryPro=${session}` },
      })
      assert.equal(answer.status, 302, await answer.text())
      return new URL(answer.headers.get('location') ?? '')
    },
    async close() {
      await tls.close()
      assert.deepEqual(tls.server.alarms, [])
    },
  }
}

async function logIn(
  tls: TlsServer,
  at: string,
  username: string,
  password: string,
): Promise<string> {
  const headers = {
    'accept-api-version': 'resource=2.0, protocol=1.0',
    'content-type': 'application/json',
    'x-openam-username': username,
    'x-openam-password': password,
  }
  const url = `${tls.server.origin}${at}/authenticate`
  const answer = await tls.fetchWith()(url, { method: 'POST', headers })
  return ((await answer.json()) as { tokenId: string }).tokenId
}

interface Enrolment {
  readonly method: string
  readonly client_id: string
  readonly keys: Readonly<Record<string, unknown>>
}

async function enrol(
  tls: TlsServer,
  admin: string,
  { method, client_id, keys }: Enrolment,
): Promise<void> {
  const url = `${tls.server.origin}${realm}/realm-config/agents/OAuth2Client/${client_id}`
  const headers = {
    'accept-api-version': 'resource=1.0',
    'content-type': 'application/json',
    iplanetdirectorypro: admin,
  }
  const document = {
    coreOAuth2ClientConfig: { redirectionUris: [redirect_uri], scopes: ['openid', 'write'] },
    advancedOAuth2ClientConfig: {
      grantTypes: ['authorization_code', 'refresh_token'],
      responseTypes: ['code'],
      tokenEndpointAuthMethod: method,
      isConsentImplied: true,
    },
    signEncOAuth2ClientConfig: keys,
  }
  const body = JSON.stringify(document)
  const answer = await tls.fetchWith()(url, { method: 'PUT', headers, body })
  assert.equal(answer.status, 201, await answer.text())
}
