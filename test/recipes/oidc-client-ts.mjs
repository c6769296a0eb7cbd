import { UserManager } from 'oidc-client-ts'

const { issuer, client_id } = globalThis.settings
const manager = new UserManager({
  authority: issuer,
  client_id,
  redirect_uri: `${location.origin}/callback`,
  post_logout_redirect_uri: `${location.origin}/bye`,
  scope: 'openid profile email',
  loadUserInfo: true, // the ID token says only who it is
})

if (location.pathname === '/callback') {
  await manager.signinCallback()
  location.replace('/')
}

document.querySelector('#login').onclick = () => manager.signinRedirect()
document.querySelector('#refresh').onclick = () => manager.signinSilent().then(show)
document.querySelector('#logout').onclick = () => manager.signoutRedirect()
await manager.getUser().then(show)

function show(user) {
  document.querySelector('#user').textContent = JSON.stringify(user?.profile ?? null)
}
