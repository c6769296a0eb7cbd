import express from 'express'
import nextAuth from 'next-auth'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
process.env.NEXTAUTH_URL = BASE_URL

// With Next.js this is `export default NextAuth(options)` in pages/api/auth/[...nextauth].js.
const options = {
  secret: 'a long text of your own that encrypts the session cookie',
  providers: [
    {
      id: 'parapet',
      name: 'parapet',
      type: 'oauth',
      wellKnown: `${ISSUER}/.well-known/openid-configuration`,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      checks: ['pkce', 'state'],
      authorization: { params: { scope: 'openid profile email' } },
      // Name and mail address are told by userinfo, not by the ID token.
      userinfo: { request: ({ tokens, client }) => client.userinfo(tokens) },
      profile: ({ sub, name, email }) => ({ id: sub, name, email }),
    },
  ],
}

const app = express()
app.use(express.urlencoded())
app.all('/api/auth/*nextauth', (request, response) => {
  const query = { ...request.query, nextauth: request.params.nextauth }
  Object.defineProperty(request, 'query', { value: query })
  const cookies = (request.headers.cookie ?? '').split('; ').map((pair) => pair.split('='))
  request.cookies = Object.fromEntries(
    cookies.map(([name, value = '']) => [name, decodeURIComponent(value)]),
  )
  return nextAuth.default(request, response, options)
})
app.get('/', (_, response) => response.redirect('/api/auth/session'))
app.listen(new URL(BASE_URL).port)
