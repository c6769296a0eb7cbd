/** Clients that publish their keys at a server of their own, and push by them. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import type { HttpResponse } from '../src/base/http.ts'
import type { Signer } from './assertion.ts'
import { assertion, goodClaims, proof, signer } from './assertion.ts'
import { post, redirect_uri, register } from './register.ts'
import type { World } from './world.ts'
import { challenge, world } from './world.ts'

/** What a path of the client's own server answers; counted. */
export const answers = new Map<
  string,
  (request: IncomingMessage, response: ServerResponse) => void
>()
export const asked = new Map<string, number>()
const server = createServer((request, response) => {
  const path = request.url as string
  asked.set(path, (asked.get(path) ?? 0) + 1)
  answers.get(path)?.(request, response)
})
await new Promise<void>((resolve) => {
  server.listen(0, '127.0.0.1', resolve)
})
after(() => {
  server.closeAllConnections()
  server.close()
})
export const { port } = server.address() as AddressInfo
export const host = `127.0.0.1:${port}`

export const allowing = (...jwksPrivateAddresses: string[]): Promise<World> =>
  world({ alpha: { parapetConfig: { jwksPrivateAddresses } } })

export const w = await allowing(host)
export const es256 = await signer('ES256')

let paths = 0

/** A client whose keys are at an address of its own; gives that address. */
export async function publishes(
  client_id: string,
  body: string | ((request: IncomingMessage, response: ServerResponse) => void),
  keys: Readonly<Record<string, number | string>> = {},
  where = w,
): Promise<string> {
  paths += 1
  const path = `/jwks-${paths}`
  answers.set(path, typeof body === 'string' ? (_, response) => response.end(body) : body)
  await register(where, client_id, {
    advanced: { tokenEndpointAuthMethod: 'private_key_jwt' },
    keys: { jwksUri: `http://${host}${path}`, tokenEndpointAuthSigningAlgorithm: 'ES256', ...keys },
  })
  return path
}

async function push(client_id: string, by: Signer, where: World): Promise<HttpResponse> {
  const realm = await where.realm()
  return post(where, '/par', {
    response_type: 'code',
    redirect_uri,
    scope: 'openid',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...proof(assertion(by, goodClaims(client_id, realm.issuer, where.clock.now))),
  })
}

/** Of a push that is signed by this key. */
export async function statusOf(client_id: string, by: Signer = es256, where = w): Promise<number> {
  return (await push(client_id, by, where)).status
}
