/** Each recipe, how its application is started, and what a person does with it. */
import assert from 'node:assert/strict'
import type { JsonObject } from '../../src/base/json.ts'
import { email, type Person } from './person.ts'

export interface Recipe {
  /** Its file in this folder. */
  readonly file: string
  readonly callback: string
  readonly client?: JsonObject
  /** What a person does, from signing in to signing out as far as the library has it; nothing is said of what runs in a browser, where all do the same. */
  readonly run?: (person: Person, origin: string) => Promise<void>
}

const signedIn = new RegExp(`"email":\\s?"${email}"`)

/** Opens an address of the application and expects to see who it is. */
async function seen(person: Person, address: string, sent?: RequestInit): Promise<void> {
  const { url, status, text } = await person.visit(address, sent)
  assert.match(text, signedIn, `${url.href}: ${status} ${text.slice(0, 2000)}`)
}

async function lands(person: Person, address: string, expected: RegExp): Promise<void> {
  const { url, status, text } = await person.visit(address)
  assert.match(text, expected, `${url.href}: ${status} ${text.slice(0, 2000)}`)
}

const form = (fields: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(fields),
})

/** How Auth.js begins and ends a session: by a form with the token it gives out beside. */
async function withCsrf(person: Person, base: string, path: string): Promise<void> {
  const { csrfToken } = (await (await person.ask(`${base}/csrf`)).json()) as Record<string, string>
  await seenOrOut(
    person,
    base + path,
    form({ csrfToken: csrfToken ?? '', callbackUrl: new URL('/', base).href }),
    path,
  )
}

async function seenOrOut(person: Person, address: string, sent: RequestInit, path: string) {
  if (path !== '/signout') return seen(person, address, sent)
  const { text } = await person.visit(address, sent)
  assert.doesNotMatch(text, signedIn)
}

const noPkce: JsonObject = {
  advancedOAuth2ClientConfig: {
    grantTypes: ['authorization_code'],
    tokenEndpointAuthMethod: 'client_secret_post',
  },
  parapetClientConfig: { codeVerifierEnforced: 'false' },
}

export const recipes: readonly Recipe[] = [
  {
    file: 'openid-client.mjs',
    callback: '/callback',
    run: async (person, origin) => {
      await seen(person, `${origin}/login`)
      await seen(person, `${origin}/refresh`)
      await lands(person, `${origin}/logout`, /"bye":true/)
    },
  },
  {
    file: 'express-openid-connect.mjs',
    callback: '/callback',
    run: async (person, origin) => {
      await seen(person, `${origin}/`)
      await lands(person, `${origin}/refresh`, /"refreshed":true/)
      await lands(person, `${origin}/logout`, /"bye":true/)
    },
  },
  {
    file: 'auth-js.mjs',
    callback: '/auth/callback/parapet',
    run: async (person, origin) => {
      await withCsrf(person, `${origin}/auth`, '/signin/parapet')
      await withCsrf(person, `${origin}/auth`, '/signout')
    },
  },
  {
    file: 'next-auth-4.mjs',
    callback: '/api/auth/callback/parapet',
    run: async (person, origin) => {
      await withCsrf(person, `${origin}/api/auth`, '/signin/parapet')
      await withCsrf(person, `${origin}/api/auth`, '/signout')
    },
  },
  {
    file: 'better-auth.mjs',
    callback: '/api/auth/callback/parapet',
    run: async (person, origin) => {
      const started = await person.ask(`${origin}/api/auth/sign-in/social`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin },
        body: JSON.stringify({ provider: 'parapet', callbackURL: '/' }),
      })
      const text = await started.text()
      assert.equal(started.status, 200, text)
      await seen(person, (JSON.parse(text) as { url: string }).url)
      await person.ask(`${origin}/api/auth/sign-out`, { method: 'POST', headers: { origin } })
      await lands(person, `${origin}/`, /^null$/)
    },
  },
  {
    file: 'fastify-oauth2.mjs',
    callback: '/callback',
    run: async (person, origin) => {
      await seen(person, `${origin}/login`)
      await seen(person, `${origin}/refresh`)
      await lands(person, `${origin}/logout`, /"bye":true/)
    },
  },
  {
    file: 'passport-openidconnect.mjs',
    callback: '/callback',
    client: noPkce,
    run: async (person, origin) => {
      await lands(person, `${origin}/login`, /"value":"ann@example.com"/)
    },
  },
  { file: 'oidc-client-ts.mjs', callback: '/callback' },
  { file: 'axa-oidc-client.mjs', callback: '/callback' },
  {
    file: 'authlib-flask.py',
    callback: '/callback',
    run: async (person, origin) => {
      await seen(person, `${origin}/login`)
      await lands(person, `${origin}/logout`, /"bye":true/)
    },
  },
  {
    file: 'requests-oauthlib.py',
    callback: '/callback',
    run: async (person, origin) => {
      await seen(person, `${origin}/login`)
      await seen(person, `${origin}/refresh`)
    },
  },
  {
    file: 'mozilla-django-oidc.py',
    callback: '/oidc/callback/',
    run: async (person, origin) => {
      await seen(person, `${origin}/oidc/authenticate/`)
    },
  },
  {
    file: 'social-auth.py',
    callback: '/social/complete/oidc/',
    run: async (person, origin) => {
      await seen(person, `${origin}/social/login/oidc/`, { method: 'POST' })
    },
  },
]
