import { createServer } from 'node:http'
import * as client from 'openid-client'

const { ISSUER, BASE_URL, CLIENT_ID, CLIENT_SECRET } = process.env
const config = await client.discovery(
  new URL(ISSUER),
  CLIENT_ID,
  undefined,
  client.ClientSecretBasic(CLIENT_SECRET),
  { execute: [client.allowInsecureRequests] }, // a server on this machine speaks http; leave it out elsewhere
)

let login // in an application: in the visitor's session
let tokens

const pages = {
  async '/login'() {
    login = {
      pkceCodeVerifier: client.randomPKCECodeVerifier(),
      expectedState: client.randomState(),
    }
    return client.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: `${BASE_URL}/callback`,
      scope: 'openid profile email',
      state: login.expectedState,
      code_challenge: await client.calculatePKCECodeChallenge(login.pkceCodeVerifier),
      code_challenge_method: 'S256',
    })
  },
  async '/callback'(url) {
    tokens = await client.authorizationCodeGrant(config, url, login)
    return '/'
  },
  async '/'() {
    return client.fetchUserInfo(config, tokens.access_token, tokens.claims().sub)
  },
  async '/refresh'() {
    const fresh = await client.refreshTokenGrant(config, tokens.refresh_token)
    tokens = { ...fresh, claims: tokens.claims, id_token: tokens.id_token }
    return '/'
  },
  async '/logout'() {
    return client.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token,
      post_logout_redirect_uri: `${BASE_URL}/bye`,
    })
  },
  '/bye': async () => ({ bye: true }),
}

createServer(async (request, response) => {
  const url = new URL(request.url, BASE_URL)
  const answer = await pages[url.pathname]?.(url)
  if (answer instanceof URL || typeof answer === 'string') {
    response.writeHead(302, { location: String(answer) }).end()
  } else {
    response.end(JSON.stringify(answer ?? {}))
  }
}).listen(new URL(BASE_URL).port)
