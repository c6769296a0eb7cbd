import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { keySetKept, publishedBefore } from '../../src/realm/key/key-state.ts'
import { rotateKeys } from '../../src/realm/key/rotate-keys.ts'
import { rotationOf } from '../../src/realm/key/rotation.ts'
import { readRealm } from '../../src/realm/realms.ts'
import { touchRealm } from '../../src/realm/touch.ts'
import { readIdToken } from '../../src/token/id-token.ts'
import { amend } from '../amend.ts'
import { codeFor, headerOf, person } from '../flow.ts'
import { anotherNode } from '../nodes.ts'
import { redirect_uri } from '../register.ts'
import { base, basic, bodyOf, requestOf, verifier, type World, world } from '../world.ts'

type Serve = World['serve']

const day = 86_400
/** A little less than a third of what a key set may be kept: the oldest that is used is all but that old. */
const step = 1199

/** Both sides of `fetch` in one process. */
function fetchFrom(serve: Serve): (url: string, init?: RequestInit) => Promise<Response> {
  return async (url, { method = 'GET', headers, body } = {}) => {
    const sent = { headers: Object.fromEntries(new Headers(headers)) }
    const text = body instanceof URLSearchParams ? body.toString() : ''
    const response = await serve(requestOf(method, url, { ...sent, body: text }))
    const given = Object.entries(response.headers).filter((pair) => typeof pair[1] === 'string')
    return new Response(response.body as string, {
      status: response.status,
      headers: given as [string, string][],
    })
  }
}

/**
 * A client that takes the key set anew when it is as old as it may be, and not earlier, whatever `kid` it
 * meets meanwhile.
 */
function caching<T>(w: World, offset: number, take: () => T): () => T {
  let taken: { readonly at: number; readonly value: T } | undefined
  return () => {
    const now = w.clock.now
    const at = taken?.at ?? now - offset
    if (taken === undefined || now - at >= keySetKept)
      taken = { at: taken === undefined ? at : now, value: take() }
    return taken.value
  }
}

/** A resource server or relying party that verifies by `jose`. */
function verifying(w: World, serve: Serve, offset: number): (token: string) => Promise<unknown> {
  const keys = caching(w, offset, () =>
    createRemoteJWKSet(new URL(`${base}/connect/jwk_uri`), {
      [customFetch]: fetchFrom(serve),
      cacheMaxAge: Number.POSITIVE_INFINITY,
      cooldownDuration: Number.POSITIVE_INFINITY,
    }),
  )
  return (token) =>
    jwtVerify(token, keys(), { issuer: base, currentDate: new Date(w.clock.now * 1000) })
}

/** The client as `openid-client` is one: it checks the signature of its ID tokens itself. */
async function relyingParty(w: World, serve: Serve): Promise<() => client.Configuration> {
  const fetched = fetchFrom(serve)
  const metadata = await (await fetched(`${base}/.well-known/openid-configuration`)).json()
  return caching(w, 0, () => {
    const skew = w.clock.now - Math.floor(Date.now() / 1000)
    const config = new client.Configuration(
      metadata as client.ServerMetadata,
      'myClient',
      { id_token_signed_response_alg: 'ES256', [client.clockSkew]: skew },
      client.ClientSecretBasic('mySecret'),
    )
    config[client.customFetch] = fetched as client.CustomFetch
    client.allowInsecureRequests(config)
    client.enableNonRepudiationChecks(config)
    return config
  })
}

async function arrival(w: World): Promise<URL> {
  const code = await codeFor(w, { scope: 'openid write', redirect_uri }, await person(w))
  return new URL(
    `${redirect_uri}?${new URLSearchParams({ code, iss: base, client_id: 'myClient' })}`,
  )
}

test('META-4, RFC 7517 §5 signing keys rotate under load: clients that keep the key set as long as they may verify every token, in two processes', async () => {
  const w = await world({
    alpha: {
      parapetConfig: { signingKeyDays: 1, encryptionKeyDays: 0 },
      advancedOAuth2Config: { tokenSigningAlgorithm: 'ES256' },
    },
  })
  await amend(w, 'myClient', {
    coreOAuth2ClientConfig: { redirectionUris: [redirect_uri] },
    signEncOAuth2ClientConfig: { idTokenSignedResponseAlg: 'ES256' },
  })
  const nodes = [w.serve, await anotherNode(w)] as const
  const rotate = async (): Promise<void> => {
    const { record } = (await readRealm(await w.realm())) ?? assert.fail()
    const both = { past: w.clock.now, now: w.clock.now }
    if (await rotateKeys(w.settings, '/alpha', both, rotationOf(record)))
      await touchRealm(w.settings, '/alpha')
  }
  const party = await relyingParty(w, nodes[1])
  const verifiers = [0, 1800].map((offset, i) => verifying(w, nodes[i % 2] as Serve, offset))
  const live: { readonly token: string; readonly id_token: string; readonly until: number }[] = []
  const active = async (token: string): Promise<void> => {
    for (const serve of nodes) {
      const form = { token }
      const sent = { form, headers: { authorization: basic() } }
      const answer = bodyOf(await serve(requestOf('POST', `${base}/introspect`, sent)))
      assert.equal(answer.active, true)
    }
  }
  const kids = new Set<unknown>()
  const end = w.clock.now + day + publishedBefore + 2 * keySetKept
  for (; w.clock.now < end; w.clock.now += step) {
    await Promise.all([rotate(), rotate()])
    const tokens = await client.authorizationCodeGrant(party(), await arrival(w), {
      pkceCodeVerifier: verifier,
    })
    const { access_token, id_token } = tokens
    assert.ok(id_token)
    kids.add(headerOf(id_token).kid)
    live.push({ token: access_token, id_token, until: w.clock.now + 3600 })
    while ((live[0]?.until ?? 0) <= w.clock.now) live.shift()
    for (const { token, id_token } of [live[0], live.at(-1)].filter((each) => each !== undefined)) {
      for (const verify of verifiers) await Promise.all([token, id_token].map(verify))
      await active(token)
      assert.ok(await readIdToken(await w.realm(), id_token), 'as a hint')
    }
  }
  assert.ok(kids.size >= 3, 'one was published, used and replaced, and the next one too')
  const { keys } = bodyOf(await w.serve(requestOf('GET', `${base}/connect/jwk_uri`)))
  const still = (keys as { kid: string }[]).map(({ kid }) => kid)
  assert.ok(
    [...kids].some((kid) => !still.includes(kid as string)),
    'and one is gone',
  )
})
