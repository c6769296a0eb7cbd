/* Of a request as it is sent. Of a visit with a reference only what stands beside the reference can be looked at. */
import type { Asked, Check, OfRequest } from '../rule.ts'
import { fapiAlgorithms, plainHttp } from './registration.ts'

/** A check of what is asked for, where that can be read. */
function ofParameters(check: (of: OfRequest) => string | undefined): Check<OfRequest> {
  return (of) => (of.request.by === 'reference' || of.request.unreadable ? undefined : check(of))
}

export const isPushed: Check<OfRequest> = ({ request }) =>
  request.by === 'browser' ? 'it comes through the browser as it is' : undefined

export const onlyReference: Check<OfRequest> = ({ request: { by, outer } }) => {
  if (by !== 'reference') return undefined
  const more = [...outer.keys()].filter((name) => name !== 'client_id' && name !== 'request_uri')
  if (more.length > 0) return 'there is more beside them'
  return outer.has('client_id') ? undefined : 'client_id is missing'
}

export const asksForCode = ofParameters(({ request: { parameters } }) =>
  parameters.get('response_type') === 'code'
    ? undefined
    : 'the response_type is another one, or missing',
)

export const hasChallenge = ofParameters(({ request: { parameters } }) =>
  parameters.has('code_challenge') ? undefined : 'code_challenge is missing',
)

export const byS256 = ofParameters(({ request: { parameters } }) => {
  if (!parameters.has('code_challenge')) return undefined
  const method = parameters.get('code_challenge_method') ?? 'plain, since none is named'
  return method === 'S256'
    ? undefined
    : `the method is ${method.startsWith('plain') ? method : 'another one'}`
})

export const namesRedirectUri = ofParameters(({ request: { parameters } }) =>
  parameters.has('redirect_uri') ? undefined : 'redirect_uri is missing',
)

export const httpsRedirectUri = ofParameters(({ request: { parameters } }) =>
  plainHttp(parameters.get('redirect_uri') ?? '') ? 'it is http beyond loopback' : undefined,
)

export const asksForJwt = ofParameters(({ request: { parameters } }) => {
  const mode = parameters.get('response_mode')
  return mode !== undefined && /(?:^|\.)jwt$/.test(mode)
    ? undefined
    : 'the response_mode is none of a JWT'
})

export const namesScope = ofParameters(({ request: { parameters } }) =>
  parameters.has('scope') ? undefined : 'scope is missing',
)

/** RFC 6749 §2.3.1. */
const secrets = ['client_secret', 'client_assertion', 'access_token', 'password']

export const noSecretInUrl: Check<OfRequest> = ({ request: { by, outer } }) =>
  by !== 'push' && secrets.some((name) => outer.has(name))
    ? 'credentials stand in the URL'
    : undefined

export const assertionForIssuer: Check<OfRequest> = ({ request: { assertion }, realm }) => {
  if (assertion === undefined) return undefined
  const { aud } = assertion.claims
  if (typeof aud !== 'string') return 'its aud is no text'
  return realm.issuer === '' || aud === realm.issuer ? undefined : 'its aud is another one'
}

export const assertionAlgorithm: Check<OfRequest> = ({ request: { assertion } }) =>
  wrongAlgorithm(assertion)

export const objectAlgorithm: Check<OfRequest> = ({ request: { object } }) => wrongAlgorithm(object)

function wrongAlgorithm(jwt: Asked['object']): string | undefined {
  const alg = jwt?.header.alg
  if (jwt === undefined || fapiAlgorithms.some((name) => name === alg)) return undefined
  return `its alg is ${typeof alg === 'string' && /^[\w-]{1,20}$/.test(alg) ? alg : 'none that is known'}`
}

export const noKeyAddresses: Check<OfRequest> = ({ request: { object, assertion } }) =>
  [object, assertion].some(
    (jwt) => jwt !== undefined && ('x5u' in jwt.header || 'jku' in jwt.header),
  )
    ? 'a header has x5u or jku'
    : undefined
