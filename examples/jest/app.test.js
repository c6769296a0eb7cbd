import { createHash, randomBytes } from 'node:crypto'
import { startParapet } from 'parapet/testing'

const redirect_uri = 'https://app.example/callback'
const headers = { authorization: `Basic ${btoa('app:the secret of the app')}` }
let parapet

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
                scopes: ['notes'],
              },
            },
          ],
          users: [{ _id: 'ann' }],
        },
      ],
    },
  })
})
afterAll(() => parapet.stop())

const verifier = randomBytes(32).toString('base64url')

async function post(path, form, more = headers) {
  const body = new URLSearchParams(form)
  const answer = await fetch(`${parapet.issuer()}${path}`, {
    ...{ method: 'POST', headers: more, body, redirect: 'manual' },
  })
  return answer.status === 302 ? new URL(answer.headers.get('location')) : answer.json()
}

const push = () =>
  post('/par', {
    response_type: 'code',
    scope: 'notes',
    redirect_uri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })

/** What ann answers when she is asked whether the app may read her notes. */
async function decide(request_uri, decision) {
  const { header, cookie } = await parapet.logIn('ann')
  const form = { client_id: 'app', request_uri, decision, csrf: cookie.value }
  return (await post('/authorize', form, { cookie: header })).searchParams
}

test('a person allows, and the app gets a token', async () => {
  const { request_uri } = await push()
  const code = (await decide(request_uri, 'allow')).get('code')
  const tokens = await post('/access_token', {
    ...{ grant_type: 'authorization_code', code, redirect_uri, code_verifier: verifier },
  })
  expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'notes' })
  expect(parapet.pushes().at(-1)).toMatchObject({
    state: 'redeemed',
    decision: { allowed: true, username: 'ann' },
  })
})

test('a person denies, and the app is told', async () => {
  const { request_uri } = await push()
  expect((await decide(request_uri, 'deny')).get('error')).toBe('access_denied')
})
