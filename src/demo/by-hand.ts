import type { Form } from '../base/form.ts'
import {
  type DemoCredentials,
  demoAddresses,
  demoClients,
  demoRealms,
  knownCredentials,
} from './seed.ts'

/** RFC 7636 appendix B: one pair everybody may know, for requests pushed by hand. */
const example = {
  code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
} as const

/** A push by curl, complete; the README has the same. `origin`: `http://localhost:8080`. */
export function pushCommand(origin: string, credentials = knownCredentials): string {
  return command(`${issuerOf(origin, '/alpha')}/par`, 'myClient', credentials, [
    ['response_type', 'code'],
    ['scope', 'openid profile'],
    ['redirect_uri', demoAddresses(origin).callback],
    ['code_challenge', example.code_challenge],
    ['code_challenge_method', 'S256'],
  ])
}

/** Where a browser takes it, up to the reference. */
export function openAddress(origin: string): string {
  return `${issuerOf(origin, '/alpha')}/authorize?client_id=myClient&request_uri=`
}

/**
 * How the code of such a push becomes tokens, by curl. Undefined where the answer holds none; what
 * is to be pasted into a shell is never text that came with an address, but what it is known to mean.
 */
export function redeemCommand(
  origin: string,
  answer: Form,
  credentials: DemoCredentials,
): string | undefined {
  const code = answer.get('code')
  if (code === undefined || !/^[\w-]{1,128}$/.test(code)) return undefined
  const issuers = demoRealms.map((path) => issuerOf(origin, path))
  const issuer = issuers.find((each) => each === answer.get('iss')) ?? issuers[0]
  const named = demoClients(origin).find(({ client_id }) => client_id === answer.get('client_id'))
  return command(`${issuer}/access_token`, named?.client_id ?? 'myClient', credentials, [
    ['grant_type', 'authorization_code'],
    ['code', code],
    ['redirect_uri', demoAddresses(origin).callback],
    ['code_verifier', example.code_verifier],
  ])
}

function issuerOf(origin: string, path: string): string {
  return `${origin}/am/oauth2/realms/root/realms${path}`
}

type Pairs = readonly (readonly [name: string, value: string])[]

/** Without a secret that everybody may know, curl asks for it. */
function command(
  url: string,
  client_id: string,
  { secretOf, known }: DemoCredentials,
  parameters: Pairs,
): string {
  const secret = secretOf(client_id)
  const user = known ? `${client_id}:${secret}` : client_id
  const proof = secret === undefined ? '' : `-u ${user} `
  const own: Pairs = secret === undefined ? [['client_id', client_id]] : []
  const data = [...own, ...parameters].map(([name, value]) => `--data-urlencode '${name}=${value}'`)
  return [`curl ${proof}${url}`, ...data].join(' \\\n  ')
}
