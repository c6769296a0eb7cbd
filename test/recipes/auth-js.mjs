import { ExpressAuth, getSession } from '@auth/express'
import express from 'express'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const config = {
  secret: 'a long text of your own that encrypts the session cookie',
  trustHost: true,
  providers: [
    {
      id: 'parapet',
      name: 'parapet',
      type: 'oidc',
      issuer: ISSUER,
      clientId: CLIENT_ID,
      clientSecret: CLIENT_SECRET,
      checks: ['pkce', 'state'],
      authorization: { params: { scope: 'openid profile email' } },
      idToken: false, // name and mail address are told by userinfo, not by the ID token
    },
  ],
}

const app = express()
app.use('/auth', ExpressAuth(config))
app.get('/', async (request, response) => response.json(await getSession(request, config)))
app.listen(new URL(BASE_URL).port)
