/** Claims as scripts name them, and what they give back of them (PingAM: OIDC claims). */
import { map } from './lists.js'

/** `org.forgerock.openidconnect.Claim`: a name, and what kind each of the rest says which it is. */
export function claim(name, ...rest) {
  const values = rest.find(Array.isArray) ?? []
  const essential = rest.find((each) => typeof each === 'boolean') ?? false
  const locale = rest.find((each) => typeof each === 'string') ?? null
  return {
    getName: () => String(name),
    getValues: () => values,
    getLocale: () => locale,
    isEssential: () => essential,
    toString: () => (locale === null ? String(name) : `${name}#${locale}`),
  }
}

/** One that a request asks for; its language stands behind a `#` (OIDC Core §5.2). */
export function claimNamed(whole, essential) {
  const [name, locale] = whole.split('#')
  return claim(name, locale, essential)
}

/** `org.forgerock.oauth2.core.UserInfoClaims` */
export function userInfoClaims(values, compositeScopes) {
  return {
    getValues: () => values ?? map(),
    getCompositeScopes: () => compositeScopes ?? map(),
    toString: () => `UserInfoClaims{values=${values}, compositeScopes=${compositeScopes}}`,
  }
}

const parts = ['values', 'compositeScopes']

/** The claims in what a script gives back: those of a `UserInfoClaims`, of an object that has its parts, or a map of them. */
export function toldOf(given) {
  if (given === null || typeof given !== 'object') return given
  if (typeof given.getValues === 'function') return given.getValues()
  const isWhole =
    Object.hasOwn(given, 'values') && Object.keys(given).every((name) => parts.includes(name))
  return isWhole ? given.values : given
}
