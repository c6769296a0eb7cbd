import cookie from '@fastify/cookie'
import oauth2 from '@fastify/oauth2'
import Fastify from 'fastify'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const app = Fastify()

await app.register(cookie)
await app.register(oauth2, {
  name: 'parapet',
  discovery: { issuer: ISSUER },
  credentials: { client: { id: CLIENT_ID, secret: CLIENT_SECRET } },
  scope: ['openid', 'profile', 'email'],
  startRedirectPath: '/login',
  callbackUri: `${BASE_URL}/callback`,
  cookie: { path: '/', secure: false }, // true where the application is served by https
})

let token // in an application: in the visitor's session
app.get('/callback', async (request, reply) => {
  ;({ token } = await app.parapet.getAccessTokenFromAuthorizationCodeFlow(request, reply))
  return reply.redirect('/')
})
app.get('/', () => app.parapet.userinfo(token))
app.get('/refresh', async (_, reply) => {
  ;({ token } = await app.parapet.getNewAccessTokenUsingRefreshToken(token, {}))
  return reply.redirect('/')
})
app.get('/logout', async (_, reply) => {
  await app.parapet.revokeAllToken(token, {})
  return reply.send({ bye: true })
})

await app.listen({ port: Number(new URL(BASE_URL).port) })
