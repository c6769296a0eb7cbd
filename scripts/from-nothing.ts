/**
 * `npm run from:nothing`: what somebody does who has nothing but a clone, to the end: a configuration made by
 * answering four questions, a realm with its clients and people from one file, a server that speaks TLS, a push, a
 * login, a consent, and its withdrawal on the person's own page, after which the tokens are dead. Every step is
 * printed; the first one that does not come out as it should ends it with 1.
 */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import * as client from 'openid-client'
import { selfSigned } from '../test/certificate.ts'
import { visitor } from '../test/page-visitor.ts'
import { fetchOver } from '../test/tls-wire.ts'
import { freePorts } from '../test/wire.ts'

const root = resolve(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'parapet-from-nothing-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
const main = join(folder, 'parapet', 'src', 'main.ts')
const [port = 0] = await freePorts(1)
const origin = `https://localhost:${port}`
const redirect_uri = 'https://app.example/callback'
const certificate = selfSigned('localhost')

/** Two clients, one that redeems and one that introspects, and three people; as a team has it in its repository. */
const realm = `
realms:
  - path: /staff
    clients:
      - _id: app
        coreOAuth2ClientConfig:
          userpassword: \${env:APP_SECRET}
          clientName: [The application]
          redirectionUris: [${redirect_uri}]
          scopes: [openid, email, notes|en|Read your notes]
        advancedOAuth2ClientConfig:
          grantTypes: [authorization_code, refresh_token]
      - _id: notes
        coreOAuth2ClientConfig:
          userpassword: \${env:NOTES_SECRET}
          scopes: [am-introspect-all-tokens]
    users:
      - { _id: ann, userpassword: a password of ann, givenName: Ann, sn: Lee, mail: ann@example.com }
      - { _id: ben, userpassword: a password of ben, mail: ben@example.com }
      - { _id: cleo, userpassword: a password of cleo, mail: cleo@example.com }
`
const secrets = { APP_SECRET: 'the secret of the app', NOTES_SECRET: 'the secret of the notes' }

/** The environment of whoever has nothing yet: what was set for a server of this machine is not there. */
const environment = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(PARAPET_|PORT$|HOST$)/.test(name)),
  ),
  ...secrets,
}

function step(what: string): void {
  console.log(`• ${what}`)
}

function run(program: string, args: readonly string[], cwd: string, input = ''): string {
  const stdio = ['pipe', 'pipe', 'inherit'] as const
  return execFileSync(program, args, {
    cwd,
    input,
    env: environment,
    encoding: 'utf8',
    stdio: [...stdio],
  })
}

function parapet(args: readonly string[], input?: string): string {
  return run(process.execPath, [main, ...args], folder, input)
}

/** Serves until it is told to stop; resolves once it says that it does. */
async function serve(): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, [main, 'serve', '--config', 'parapet.yaml'], {
    ...{ cwd: folder, env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  const kill = (): boolean => child.kill('SIGKILL')
  process.once('exit', kill)
  const closed = once(child, 'close')
  await new Promise<void>((started, failed) => {
    child.stdout.on('data', (text: Buffer) => text.includes('server.started') && started())
    child.once('close', () => failed(new Error('the server ended')))
  })
  return async () => {
    child.kill('SIGTERM')
    await closed
    process.removeListener('exit', kill)
  }
}

step('the source as a fresh clone has it, and what it needs')
const left = new Set(
  ['.git', '.cache', 'node_modules', 'dist', 'data'].map((each) => join(root, each)),
)
cpSync(root, join(folder, 'parapet'), { recursive: true, filter: (from) => !left.has(from) })
run(
  'npm',
  ['ci', '--omit=dev', '--no-fund', '--no-audit', '--loglevel=error'],
  join(folder, 'parapet'),
)

step('a certificate, a realm with two clients and three people')
writeFileSync(join(folder, 'tls.pem'), certificate.cert)
writeFileSync(join(folder, 'tls.key'), certificate.key, { mode: 0o600 })
writeFileSync(join(folder, 'staff.yaml'), realm)

step('parapet init, apply, check')
parapet(['init'], `${[origin, 'tls.pem, tls.key', '/staff', 'a password of amadmin'].join('\n')}\n`)
parapet(['apply', 'staff.yaml', '--config', 'parapet.yaml'])
parapet(['check', '--config', 'parapet.yaml'])

step('parapet serve, with TLS')
const stop = await serve()
const ask = fetchOver(certificate.cert, [])
const trusting = { [client.customFetch]: ask as client.CustomFetch }

step('a push by openid-client')
const issuer = new URL(`${origin}/am/oauth2/realms/root/realms/staff`)
const proof = client.ClientSecretBasic(secrets.APP_SECRET)
const app = await client.discovery(issuer, 'app', undefined, proof, trusting)
const pkceCodeVerifier = client.randomPKCECodeVerifier()
const expectedState = client.randomState()
const url = await client.buildAuthorizationUrlWithPAR(app, {
  redirect_uri,
  scope: 'openid email notes',
  state: expectedState,
  code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
  code_challenge_method: 'S256',
})

step('ann logs in, and allows it')
const ann = visitor(origin, ask)
const login = await ann.open(url)
const consent = await ann.send(login, 'login_form', {
  IDToken1: 'ann',
  IDToken2: 'a password of ann',
})
assert.match(consent.page, /Read your notes/)
assert.match(consent.page, /ann@example\.com/)
const arrival = await ann.send(consent, 'consent_form', { decision: 'allow' })
const tokens = await client.authorizationCodeGrant(app, arrival.url, {
  pkceCodeVerifier,
  expectedState,
})
const { sub = '' } = tokens.claims() ?? {}

const notes = await client.discovery(
  ...[issuer, 'notes', undefined, client.ClientSecretBasic(secrets.NOTES_SECRET)],
  trusting,
)
const isActive = async (): Promise<boolean> =>
  (await client.tokenIntrospection(notes, tokens.access_token)).active
assert.equal((await client.fetchUserInfo(app, tokens.access_token, sub)).email, 'ann@example.com')
assert.equal(await isActive(), true)

step('ann withdraws it on her account page')
const account = await ann.open(new URL(`${origin}/am/XUI/account?realm=/staff`))
assert.match(account.page, /The application/)
const withdrawn = await ann.send(account, 'application_form', { application: 'app' })
assert.match(withdrawn.page, /id="withdrawn"/)

step('the token is dead')
assert.equal(await isActive(), false)
await assert.rejects(client.fetchUserInfo(app, tokens.access_token, sub), { status: 401 })
await assert.rejects(client.refreshTokenGrant(app, tokens.refresh_token ?? ''), {
  error: 'invalid_grant',
})

await stop()
console.log('✔ from nothing to a dead token')
