import type { Json, JsonObject } from '../../base/json.ts'
import { isObject, member } from '../../base/json.ts'
import type { Leftover } from '../found.ts'
import { entriesOf, plainText } from '../found.ts'

interface Scopes {
  readonly usual: readonly string[]
  readonly optional: readonly string[]
  /** Those that only carry mappers. */
  readonly inner: readonly string[]
}

/** A client’s scopes: those it always has, and those it may ask for. */
function scopesOf(client: JsonObject, realm: JsonObject): Scopes {
  const inner = innerScopes(realm)
  const named = (ofClient: string, ofRealm: string): readonly string[] => {
    const all = entriesOf(member(client, ofClient) ?? member(realm, ofRealm))
    return all.filter((each) => typeof each === 'string')
  }
  const usual = named('defaultClientScopes', 'defaultDefaultClientScopes')
  const optional = named('optionalClientScopes', 'defaultOptionalClientScopes')
  const outer = (each: string): boolean => !inner.has(each)
  return {
    usual: usual.filter(outer),
    optional: optional.filter(outer),
    inner: [...usual, ...optional].filter((each) => !outer(each)),
  }
}

/** Scopes nobody asks for: they never stand in a token, and only carry mappers. */
function innerScopes(realm: JsonObject): ReadonlySet<string> {
  const all = member(realm, 'clientScopes')
  const names = ['web-origins', 'roles', 'acr', 'basic', 'service_account']
  for (const scope of entriesOf(all)) {
    if (!isObject(scope)) continue
    const attributes = member(scope, 'attributes')
    const said = isObject(attributes) ? member(attributes, 'include.in.token.scope') : undefined
    if (said === 'false') names.push(plainText(member(scope, 'name')))
  }
  return new Set(names)
}

export function* readScopes(client: JsonObject, realm: JsonObject): Generator<[string, Json]> {
  const { usual, optional } = scopesOf(client, realm)
  yield ['coreOAuth2ClientConfig.scopes', [...new Set(['openid', ...usual, ...optional])]]
  if (usual.length > 0) yield ['coreOAuth2ClientConfig.defaultScopes', usual]
}

const ordinary = new Set(['web-origins', 'roles', 'acr', 'basic', 'service_account'])

export function leftScopes(client: JsonObject, realm: JsonObject): readonly Leftover[] {
  const { inner } = scopesOf(client, realm)
  const why = 'only carries mappers'
  return inner
    .filter((each) => !ordinary.has(each))
    .map((each) => ({ attribute: `clientScopes.${each}`, why }))
}
