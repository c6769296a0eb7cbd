import { startParapet } from 'parapet/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openApp, redirect_uri } from './app.js'

let parapet
let app

beforeAll(async () => {
  parapet = await startParapet({
    config: {
      realms: [
        {
          path: '/alpha',
          clients: [
            {
              _id: 'app',
              coreOAuth2ClientConfig: {
                userpassword: 'the secret of the app',
                redirectionUris: [redirect_uri],
                scopes: ['openid', 'email'],
              },
              advancedOAuth2ClientConfig: { isConsentImplied: true },
            },
          ],
          users: [{ _id: 'ann', mail: 'ann@example.com' }],
        },
      ],
    },
  })
  app = await openApp(parapet.issuer('/alpha'))
})
afterAll(() => parapet.stop())

/** Follows a person's browser to where the server sends it. */
async function visit(url, person) {
  const answer = await fetch(url, { headers: { cookie: person.header }, redirect: 'manual' })
  return new URL(answer.headers.get('location'))
}

test('a person who is logged in comes back, and the app knows who it is', async () => {
  const arrival = await visit(await app.begin(), await parapet.logIn('ann'))
  expect(await app.finish(arrival)).toMatchObject({ email: 'ann@example.com' })
})

test('what the app pushed is what it was meant to', async () => {
  await app.begin()
  const { client_id, request, state } = parapet.pushes().at(-1)
  expect({ client_id, state }).toEqual({ client_id: 'app', state: 'pushed' })
  expect(request).toMatchObject({ scope: ['openid', 'email'], code_challenge_method: 'S256' })
})

test('a person who takes too long is told by the server, and the app gets no code', async () => {
  const url = await app.begin()
  parapet.clock.forward(91)
  const answer = await fetch(url, { redirect: 'manual' })
  expect(answer.status).toBe(400)
})

test('an authorization server that is down for a moment is an error the app can tell', async () => {
  parapet.fail('store')
  await expect(app.begin()).rejects.toHaveProperty('cause.status', 503)
  await expect(app.begin()).resolves.toBeInstanceOf(URL)
})
