import express from 'express'
import openid from 'express-openid-connect'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const app = express()

app.use(
  openid.auth({
    issuerBaseURL: ISSUER,
    baseURL: BASE_URL,
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    clientAuthMethod: 'client_secret_basic',
    secret: 'a long text of your own that signs the session cookie',
    authRequired: false,
    idpLogout: true,
    routes: { postLogoutRedirect: '/bye' },
    pushedAuthorizationRequests: true,
    authorizationParams: { response_type: 'code', scope: 'openid profile email' },
  }),
)

// The ID token says who it is; name and mail address are told by userinfo.
app.get('/', openid.requiresAuth(), async (request, response) => {
  response.json(await request.oidc.fetchUserInfo())
})
app.get('/refresh', openid.requiresAuth(), async (request, response) => {
  const { access_token } = await request.oidc.accessToken.refresh()
  response.json({ refreshed: access_token !== undefined })
})
app.get('/bye', (_, response) => response.json({ bye: true }))

app.listen(new URL(BASE_URL).port)
