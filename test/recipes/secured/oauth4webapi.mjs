import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { compactDecrypt } from 'jose'
import * as oauth from 'oauth4webapi'
import { Agent, fetch } from 'undici'

const { ISSUER, REDIRECT_URI: redirect_uri, CLIENT_SECRET, DECRYPTION_KEY } = process.env
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`)
const hear = async () => JSON.parse((await lines.next()).value)

const discovered = async (options) => {
  const answer = await oauth.discoveryRequest(new URL(ISSUER), options)
  return oauth.processDiscoveryResponse(new URL(ISSUER), answer)
}

/** A request again, once with the nonce that it was refused for; `anew` gives what proves the key of a request. */
async function withNonce(anew, ask) {
  const DPoP = anew?.()
  try {
    return await ask(DPoP)
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error
    return ask(DPoP)
  }
}

/** What the trials have in common: a request that is pushed, an arrival that is taken, and who it is. */
async function signIn({ as, me, proof, options = {}, anew, take = plain, ...more }) {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const request = new URLSearchParams({
    redirect_uri,
    response_type: 'code',
    scope: 'openid email',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    ...more,
  })
  const { request_uri } = await withNonce(anew, async (DPoP) => {
    const pushing = { ...options, DPoP }
    const answer = await oauth.pushedAuthorizationRequest(as, me, proof, request, pushing)
    return oauth.processPushedAuthorizationResponse(as, me, answer)
  })
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({ client_id: me.client_id, request_uri })
  say({ open: url.href })
  const taken = await firstTaken((arrived) => take(as, me, arrived, state))
  if (taken instanceof oauth.AuthorizationResponseError) return { error: taken.error }
  const tokens = await withNonce(anew, async (DPoP) => {
    const redeeming = { ...options, DPoP }
    const answer = await oauth.authorizationCodeGrantRequest(
      ...[as, me, proof, taken, redirect_uri, verifier, redeeming],
    )
    return oauth.processAuthorizationCodeResponse(as, me, answer)
  })
  const { access_token } = tokens
  const { sub } = oauth.getValidatedIdTokenClaims(tokens)
  const { email } = await withNonce(anew, async (DPoP) => {
    const answer = await oauth.userInfoRequest(as, me, access_token, { ...options, DPoP })
    return oauth.processUserInfoResponse(as, me, sub, answer)
  })
  return { email, access_token }
}

async function firstTaken(take) {
  for (;;) {
    const { url: address, body } = await hear()
    const url = new URL(address)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const posted = () => oauth.formPostResponse(new Request(url, { method: 'POST', headers, body }))
    // A fragment never comes to a server: a page hands it on.
    const sent = url.hash === '' ? url.search : url.hash.slice(1)
    try {
      return await take(new URLSearchParams(body === undefined ? sent : await posted()))
    } catch (error) {
      if (error instanceof oauth.AuthorizationResponseError) return error
      say({ refused: String(error) })
    }
  }
}

const plain = (as, me, arrived, state) => oauth.validateAuthResponse(as, me, arrived, state)

const trials = {
  async dpop({ client_id }) {
    const demanded = []
    const options = {
      [oauth.customFetch]: async (...asked) => {
        const answer = await fetch(...asked)
        if (!answer.ok && answer.headers.has('dpop-nonce')) demanded.push(String(asked[0]))
        return answer
      },
    }
    const me = { client_id }
    const pair = await oauth.generateKeyPair('ES256')
    // An application keeps one, which remembers the nonce; each of these is asked for one anew.
    const anew = () => oauth.DPoP(me, pair)
    const proof = oauth.ClientSecretBasic(CLIENT_SECRET)
    const facts = await signIn({ as: await discovered(options), me, proof, options, anew })
    return { ...facts, jkt: await anew().calculateThumbprint(), demanded }
  },

  async jarm({ client_id, encrypted, more }) {
    // It decrypts by what the application brings along.
    const jweDecrypt = async (jwe) => {
      const { plaintext } = await compactDecrypt(jwe, JSON.parse(DECRYPTION_KEY))
      return new TextDecoder().decode(plaintext)
    }
    const options = encrypted ? { [oauth.jweDecrypt]: jweDecrypt } : {}
    const me = { client_id, authorization_signed_response_alg: 'ES256' }
    const take = (as, me, arrived, state) =>
      oauth.validateJwtAuthResponse(as, me, arrived, state, options)
    const proof = oauth.ClientSecretBasic(CLIENT_SECRET)
    return signIn({ as: await discovered(), me, proof, take, ...more })
  },

  async mtls({ client_id }) {
    const [cert, key] = [process.env.CLIENT_CERT, process.env.CLIENT_KEY].map((path) =>
      readFileSync(path),
    )
    const ca = readFileSync(process.env.SERVER_CERT)
    const dispatcher = new Agent({ connect: { cert, key, ca } })
    const options = {
      [oauth.customFetch]: (url, asked) => fetch(url, { ...asked, dispatcher }),
    }
    const proof = oauth.TlsClientAuth()
    return signIn({ as: await discovered(options), me: { client_id }, proof, options })
  },
}

for (;;) {
  const order = await hear()
  await trials[order.trial](order).then(
    (done) => say({ done }),
    (error) => say({ failed: String(error.cause?.message ?? error) }),
  )
}
