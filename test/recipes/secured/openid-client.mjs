import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import * as client from 'openid-client'
import { Agent, fetch } from 'undici'

const { ISSUER, REDIRECT_URI: redirect_uri, CLIENT_SECRET, DECRYPTION_KEY } = process.env
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const hear = async () => JSON.parse((await lines.next()).value)

/** What the trials have in common: a request that is pushed, an arrival that is taken, and who it is. */
async function signIn({ pushing, taking = pushing, options = () => undefined, ...more }) {
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const request = {
    redirect_uri,
    scope: 'openid email',
    state: expectedState,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...more,
  }
  const url = await client.buildAuthorizationUrlWithPAR(pushing, request, options())
  say({ open: url.href })
  for (;;) {
    const arrived = arrivalOf(await hear())
    const checks = { pkceCodeVerifier, expectedState }
    try {
      const tokens = await client.authorizationCodeGrant(taking, arrived, checks, {}, options())
      const { access_token } = tokens
      const { sub } = tokens.claims()
      const { email } = await client.fetchUserInfo(taking, access_token, sub, options())
      return { email, access_token }
    } catch (error) {
      if (error instanceof client.AuthorizationResponseError) return { error: error.error }
      say({ refused: String(error.cause ?? error) })
    }
  }
}

function arrivalOf({ url: address, body }) {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  if (body !== undefined) return new Request(address, { method: 'POST', headers, body })
  const url = new URL(address)
  // A fragment never comes to a server: a page hands it on.
  if (url.hash !== '') url.search = url.hash.slice(1)
  return url
}

const trials = {
  async dpop({ client_id }) {
    const demanded = []
    const noting = async (...asked) => {
      const answer = await fetch(...asked)
      if (!answer.ok && answer.headers.has('dpop-nonce')) demanded.push(String(asked[0]))
      return answer
    }
    const authentication = client.ClientSecretBasic(CLIENT_SECRET)
    const config = await client.discovery(new URL(ISSUER), client_id, {}, authentication, {
      [client.customFetch]: noting,
    })
    const pair = await client.randomDPoPKeyPair('ES256')
    // An application keeps one handle, which remembers the nonce; each of these is asked for one anew.
    const options = () => ({ DPoP: client.getDPoPHandle(config, pair) })
    const facts = await signIn({ pushing: config, options })
    return { ...facts, jkt: await options().DPoP.calculateThumbprint(), demanded }
  },

  async jarm({ client_id, encrypted, more }) {
    const discovered = () =>
      client.discovery(
        new URL(ISSUER),
        client_id,
        { authorization_signed_response_alg: 'ES256' },
        client.ClientSecretBasic(CLIENT_SECRET),
      )
    const config = await discovered()
    client.useJwtResponseMode(config)
    if (encrypted) {
      const { use: _, ...jwk } = JSON.parse(DECRYPTION_KEY)
      const curve = { name: 'ECDH', namedCurve: jwk.crv }
      const key = await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits'])
      client.enableDecryptingResponses(config, undefined, { key, alg: jwk.alg, kid: jwk.kid })
    }
    // It asks for `jwt` and nothing else by itself; another mode is asked for by a configuration without.
    const pushing = more.response_mode === 'jwt' ? config : await discovered()
    return signIn({ pushing, taking: config, ...more })
  },

  async mtls({ client_id }) {
    const [cert, key] = [process.env.CLIENT_CERT, process.env.CLIENT_KEY].map((path) =>
      readFileSync(path),
    )
    const ca = readFileSync(process.env.SERVER_CERT)
    const dispatcher = new Agent({ connect: { cert, key, ca } })
    const config = await client.discovery(new URL(ISSUER), client_id, {}, client.TlsClientAuth(), {
      [client.customFetch]: (url, options) => fetch(url, { ...options, dispatcher }),
    })
    return signIn({ pushing: config })
  },
}

for (;;) {
  const order = await hear()
  await trials[order.trial](order).then(
    (done) => say({ done }),
    (error) => say({ failed: String(error.cause ?? error) }),
  )
}
