import { createServer } from 'node:http'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { toNodeHandler } from 'better-auth/node'
import { genericOAuth } from 'better-auth/plugins'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const auth = betterAuth({
  baseURL: BASE_URL,
  secret: 'a long text of your own that signs the session cookie',
  database: memoryAdapter({ user: [], session: [], account: [], verification: [] }),
  plugins: [
    genericOAuth({
      config: [
        {
          providerId: 'parapet',
          discoveryUrl: `${ISSUER}/.well-known/openid-configuration`,
          clientId: CLIENT_ID,
          clientSecret: CLIENT_SECRET,
          scopes: ['openid', 'profile', 'email'],
          pkce: true,
          authentication: 'basic',
        },
      ],
    }),
  ],
})

// The page calls `authClient.signIn.social({ provider: 'parapet', callbackURL: '/' })`.
const handle = toNodeHandler(auth)
createServer((request, response) => {
  if (request.url === '/') request.url = '/api/auth/get-session'
  return handle(request, response)
}).listen(new URL(BASE_URL).port)
