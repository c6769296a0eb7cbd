import { OidcClient } from '@axa-fr/oidc-client'

const { issuer, client_id } = globalThis.settings
const client = OidcClient.getOrCreate(() => fetch)({
  authority: issuer,
  client_id,
  redirect_uri: `${location.origin}/callback`,
  silent_redirect_uri: `${location.origin}/silent`,
  scope: 'openid profile email',
  demonstrating_proof_of_possession: false,
})

if (location.pathname === '/callback') {
  await client.loginCallbackAsync()
  location.replace('/')
} else {
  await client.tryKeepExistingSessionAsync()
}

document.querySelector('#login').onclick = () => client.loginAsync('/')
document.querySelector('#refresh').onclick = () => client.renewTokensAsync().then(show)
document.querySelector('#logout').onclick = () => client.logoutAsync('/bye')
await show()

async function show() {
  const user = client.tokens ? await client.userInfoAsync(true) : null
  document.querySelector('#user').textContent = JSON.stringify(user)
}
