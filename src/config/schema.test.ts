import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { trials } from '../../test/scale.ts'
import type { Mistake } from '../../test/schema-document.ts'
import { documents, mistakes, withMistake } from '../../test/schema-document.ts'
import { world } from '../../test/world.ts'
import type { Json, JsonObject } from '../base/json.ts'
import { isObject } from '../base/json.ts'
import { journeyNames } from '../journey/find.ts'
import { remoteConsentAttributes } from '../protocol/agent/remote-consent.ts'
import { clientAttributes } from '../protocol/client-metadata.ts'
import { authenticationAttributes } from '../realm/authentication/setting.ts'
import { providerAttributes } from '../realm/oauth2-provider.ts'
import { kinds } from './index.ts'
import type { Kind } from './kind.ts'
import { anyState } from './kind.ts'

/** Another one each time; `PARAPET_SEED` repeats the one that a failure names. */
const seed = Number(process.env.PARAPET_SEED ?? Date.now() & 0x7fffffff)
const change = { by: 'test', condition: anyState }
const w = await world()

/** What a kind needs beyond its schema: facts that several members or the id share. */
interface Shared {
  readonly path?: string
  readonly id: string
  readonly fit: (document: JsonObject) => JsonObject
}

/** Members of a section are set so, whatever was made. */
function pinned(document: JsonObject, section: string, values: JsonObject): JsonObject {
  const made = document[section]
  return { ...document, [section]: { ...(isObject(made) ? made : {}), ...values } }
}

function at(document: JsonObject, section: string, name: string): Json | undefined {
  const made = document[section]
  return isObject(made) ? made[name] : undefined
}

const sharedBy: Readonly<Record<string, Shared>> = {
  // The id is the path, so name and parent say it again.
  realm: { path: '/', id: '/made', fit: (d) => ({ ...d, name: 'made', parentPath: '/' }) },
  // acr values are names in loaMapping, and journeys that are used are enabled.
  provider: {
    id: '',
    fit: (document) => {
      const levels = at(document, 'advancedOIDCConfig', 'loaMapping')
      const defaultACR = Object.keys(isObject(levels) ? levels : {})
      const own = pinned(document, 'parapetConfig', { journeys: journeyNames })
      return pinned(own, 'advancedOIDCConfig', { defaultACR })
    },
  },
  // Administration is one client's of the root. A method goes with the client's type, its keys, its profile, and with a secret that can be a key. Tokens are tied to one kind of key.
  client: {
    id: 'made',
    fit: (document) => {
      const userpassword = '4f9d0c7a61b84e2f93d5a0be7c18f6d24f9d0c7a61b84e2f93d5a0be7c18f6d2'
      const clientType = 'Confidential'
      const one = pinned(document, 'coreOAuth2ClientConfig', { clientType, userpassword })
      const two = pinned(one, 'parapetClientConfig', { profile: '', administration: false })
      const keys = {
        publicKeyLocation: 'jwks_uri',
        jwksUri: 'https://made.example/jwks',
        idTokenPublicEncryptionKey: '',
        mTLSCertificateBoundAccessTokens: false,
      }
      const own = pinned(two, 'signEncOAuth2ClientConfig', keys)
      const three = pinned(own, 'overrideOAuth2ClientConfig', { providerOverridesEnabled: true })
      return pinned(three, 'advancedOAuth2ClientConfig', {
        tokenEndpointAuthMethod: 'client_secret_basic',
        sectorIdentifierUri: 'https://made.example/sector',
      })
    },
  },
  // The name is the id, and nobody else's; groups are those of the realm.
  user: {
    id: 'made',
    fit: (document) => {
      const { groups: _, ...rest } = document
      return { ...rest, username: 'made', userpassword: 'at last 8' }
    },
  },
  // The identifier is the id.
  resource: { id: 'urn:made', fit: (d) => ({ ...d, identifier: 'urn:made' }) },
  // Algorithms go with a secret, or with keys that are fetched.
  'remote-consent-agent': {
    id: 'made',
    fit: (d) => ({
      ...d,
      userpassword: '4f9d0c7a61b84e2f93d5a0be7c18f6d24f9d0c7a61b84e2f93d5a0be7c18f6d2',
      publicKeyLocation: 'jwks_uri',
    }),
  },
  // It begins somewhere; what is enabled may need what is not here.
  journey: { id: 'made', fit: (d) => ({ ...d, entryNodeId: 'made', enabled: true }) },
  // It has a name, and what is base64 is UTF-8 as well.
  script: { id: 'made', fit: (d) => ({ ...d, name: 'made', script: 'eA==' }) },
  // They are in the root realm, and have an id that is drawn: they are called by their names.
  'service-account': { path: '/', id: 'made', fit: (d) => ({ ...d, name: 'made' }) },
}

// What is only kept may be anything, and what a node may be its kind says.
const written = kinds.filter(
  ({ member, name }) => member !== undefined && name !== 'kept' && name !== 'journey-node',
)

for (const kind of written) {
  const {
    path = '/alpha',
    id,
    fit,
  } = sharedBy[kind.name] ?? {
    id: 'made',
    // The name is the id.
    fit: (d: JsonObject) => (kind.named === undefined ? d : { ...d, [kind.named]: 'made' }),
  }
  const realm = await w.realm(path)
  const schema = kind.schema(realm)

  test(`house: documents made from the schema of a ${kind.name} are accepted`, async () => {
    const accepted = async (document: JsonObject): Promise<void> => {
      const saved = await kind.save(realm, id, fit(document), change)
      assert.ok(saved.outcome === 'created' || saved.outcome === 'updated', JSON.stringify(saved))
    }
    await fc.assert(fc.asyncProperty(documents(schema), accepted), { numRuns: trials(1200), seed })
  })

  test(`house: what the schema of a ${kind.name} does not allow is refused, by its path`, async () => {
    const [base] = fc.sample(documents(schema), { numRuns: 1, seed }) as [JsonObject]
    const wrong = mistakes(schema)
    assert.ok(wrong.length > 0)
    for (const mistake of wrong) {
      if (keepsOthers(mistake.at)) continue
      const said = await saidOf(kind, withMistake(fit(base), mistake))
      const whole = mistake.at.join('.')
      // Some readers take a list as a whole or not at all.
      const named = said.includes(whole + mistake.place) || said.includes(whole)
      assert.ok(named, tell(mistake, said))
    }
  })

  const keepers = ['client', 'provider', 'authentication', 'script', 'remote-consent-agent']
  if (keepers.includes(kind.name)) continue

  test(`house: a member that no ${kind.name} has is refused by its path`, async () => {
    for (const at of [
      ['noSuchMember'],
      [...Object.keys(schema.properties ?? {}).slice(0, 1), 'none'],
    ]) {
      const outer = at[0] === undefined ? undefined : schema.properties?.[at[0]]
      if (at.length > 1 && outer?.properties === undefined) continue
      const said = await saidOf(kind, withMistake(fit({}), { at, value: 1, place: '' }))
      assert.deepEqual(said, [at.join('.')])
    }
  })

  async function saidOf(of: Kind, document: JsonObject): Promise<readonly string[]> {
    const saved = await of.save(realm, id, document, change)
    if (saved.outcome === 'unknown') return saved.paths
    assert.equal(saved.outcome, 'invalid', JSON.stringify(document))
    return saved.outcome === 'invalid' ? saved.problems.map(({ path: said }) => said) : []
  }
}

/** C-39: what is not served is kept instead, whatever it is. */
function keepsOthers([section = '', name]: readonly string[]): boolean {
  const tables = [clientAttributes, providerAttributes, authenticationAttributes]
  const rows = tables.flatMap((table) => Object.values(table))
  const row =
    rows.find((each) => each.section === section && each.name === name) ??
    Object.values(remoteConsentAttributes).find((each) => each.name === section)
  return row?.unserved !== undefined && row.unserved.keeps === undefined
}

function tell({ at: names, value, place }: Mistake, said: readonly string[]): string {
  const what = JSON.stringify(value).slice(0, 80)
  return `seed ${seed}: ${names.join('.')}${place} ${what}: ${said.join(' ')}`
}
