/** The application: it pushes what it wants of the authorization server, and takes the answer. */
import * as client from 'openid-client'

export const redirect_uri = 'https://app.example/callback'

export async function openApp(issuer) {
  const secret = client.ClientSecretBasic('the secret of the app')
  // Only a test's server speaks http.
  const options = { execute: [client.allowInsecureRequests] }
  const config = await client.discovery(new URL(issuer), 'app', undefined, secret, options)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  return {
    /** Where a person is sent to log in. */
    async begin() {
      return client.buildAuthorizationUrlWithPAR(config, {
        redirect_uri,
        scope: 'openid email',
        state: expectedState,
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: 'S256',
      })
    },
    /** Who the person is that comes back to `url`. */
    async finish(url) {
      const tokens = await client.authorizationCodeGrant(config, url, {
        pkceCodeVerifier,
        expectedState,
      })
      const { sub } = tokens.claims()
      return client.fetchUserInfo(config, tokens.access_token, sub)
    },
  }
}
