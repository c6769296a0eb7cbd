/* Of a realm, whoever is registered in it. */
import type { Check, OfRealm } from '../rule.ts'

/** A realm that is read without its server has no issuer to look at. */
export const httpsIssuer: Check<OfRealm> = ({ realm }) =>
  realm.issuer === '' || realm.issuer.startsWith('https:') ? undefined : 'the issuer is not https'

export const shortCodes: Check<OfRealm> = ({ terms }) =>
  terms.code_lifetime > 60 ? `codes live for ${terms.code_lifetime} seconds` : undefined

export const shortReferences: Check<OfRealm> = ({ realm }) =>
  realm.provider.parRequestUriLifetime >= 600 ? 'a request_uri lives longer' : undefined

export const noRotation: Check<OfRealm> = ({ terms }) =>
  terms.rotate_refresh ? 'the use of a refresh token yields another one' : undefined

export const seeOther: Check<OfRealm> = ({ terms }) =>
  terms.post_redirect === 303 ? undefined : `it is ${terms.post_redirect}`

export const noTokenInQuery: Check<OfRealm> = ({ terms }) =>
  terms.token_in_query ? 'tokeninfo takes an access token from the query' : undefined

export const noPlainHttp: Check<OfRealm> = ({ terms }) =>
  terms.http_redirect ? 'http may be registered beyond loopback' : undefined
