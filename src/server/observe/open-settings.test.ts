import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { world } from '../../../test/world.ts'
import type { Json, JsonObject } from '../../base/json.ts'
import { isSecretName } from '../../config/difference.ts'
import { kinds } from '../../config/index.ts'
import type { Kind } from '../../config/kind.ts'
import { anyState } from '../../config/kind.ts'
import { oauth2ProviderKind } from '../../config/oauth2-provider.ts'
import type { JsonSchema } from '../../protocol/schema.ts'
import { maskFields } from './mask.ts'

const w = await world()
const alpha = await w.realm()

/** What is masked although no schema says that it is a secret, and why. */
const masked: Readonly<Record<string, string>> = {
  hashSalt: 'of pairwise subjects that came with an export',
  sharedSecret: 'of PingAM’s, kept',
  secretLabelIdentifier: 'where a secret of PingAM’s is found',
  tlsCaSecretLabelIdentifier: 'the same',
  username: 'people type passwords into that field',
  jwks: 'keys, and only by mistake private ones',
}

/** Every attribute of a schema, by its path. */
function attributesOf(schema: JsonSchema, within = ''): (readonly [string, JsonSchema])[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, inner]) => [
    [`${within}${name}`, inner] as const,
    ...attributesOf(inner, `${within}${name}.`),
  ])
}

test('P-1 of every setting that is no secret a change says the value, and of every other one nothing does', () => {
  const seen = kinds.flatMap((kind) => attributesOf(kind.schema(alpha)))
  for (const [path, { writeOnly = false }] of seen) {
    const name = path.slice(path.lastIndexOf('.') + 1)
    const hidden = isSecretName(path) || maskFields({ [path]: 1 })[path] !== 1
    assert.equal(hidden, writeOnly || Object.hasOwn(masked, name), path)
  }
  const names = new Set(seen.map(([path]) => path.slice(path.lastIndexOf('.') + 1)))
  for (const name of Object.keys(masked)) assert.ok(names.has(name), `${name} is no setting`)
})

test('P-1 a setting that is called like a secret is told as others are, but in what is one', async () => {
  const save = (passwordMinLength: number, codeVerifierEnforced: string) => {
    const advancedOAuth2Config = { codeVerifierEnforced }
    const document = { parapetConfig: { passwordMinLength }, advancedOAuth2Config }
    return oauth2ProviderKind.save(alpha, '', document, { by: 'test', condition: anyState })
  }
  await save(10, 'true')
  const { events } = await withEvents(() => save(12, 'false'))
  const { changes } = events.find(({ name }) => name === 'provider.saved')?.fields ?? {}
  assert.deepEqual(changes, {
    'parapetConfig.passwordMinLength': { from: 10, to: 12 },
    'advancedOAuth2Config.codeVerifierEnforced': { from: 'true', to: 'false' },
  })
  assert.deepEqual(maskFields({ changes }).changes, changes)
  const inside = 'client_secret.passwordMinLength'
  assert.ok(isSecretName(inside))
  assert.equal(maskFields({ [inside]: 1 })[inside], '[masked]')
})

/** A value of each kind that stands behind more than fifty others. */
const changed: readonly (readonly [kind: string, section: string, name: string, value: Json])[] = [
  ['provider', 'parapetConfig', 'corsOrigins', ['https://app.example']],
  ['client', 'parapetClientConfig', 'oauth21', true],
]

for (const [name, section, member, value] of changed)
  test(`P-1 of a ${name} that is put back whole with one value changed that one is told, and so when all is taken back`, async () => {
    const kind = kinds.find((each) => each.name === name) as Kind
    const usual = kind.show({})
    const whole = { ...usual, [section]: { ...(usual[section] as JsonObject), [member]: value } }
    const changesOf = async (document: JsonObject): Promise<JsonObject> => {
      const { value: saved, events } = await withEvents(() =>
        kind.save(alpha, 'whole', document, { by: 'test', condition: anyState, trusted: true }),
      )
      assert.ok('item' in saved, JSON.stringify(saved))
      return events.find(({ fields }) => fields.changes !== undefined)?.fields.changes as JsonObject
    }
    await changesOf({})
    for (const [document, side] of [
      [whole, 'to'],
      [{}, 'from'],
    ] as const) {
      const changes = await changesOf(document)
      assert.deepEqual(changes[`${section}.${member}`], { [side]: value })
      assert.match(String(changes['…']), /^\d+ more$/)
    }
  })
