import { choicesOf } from '../../client/choice.ts'
import { secretRule } from '../../client/secret-text.ts'
import { clientAttributes } from '../../protocol/client-metadata.ts'
import type { JsonSchema, SchemaDetails } from '../../protocol/schema.ts'
import { documentSchema } from '../../protocol/schema.ts'
import type { Setting, SettingTable } from '../../protocol/setting.ts'
import { textOf } from '../../protocol/value/text.ts'
import type { Realm } from '../../realm/realm.ts'

const userpassword: Setting<string | null> = {
  section: 'coreOAuth2ClientConfig',
  name: 'userpassword',
  read: textOf(secretRule),
  default: null,
  about: 'The secret: written, never shown. What is left out stays as it is.',
}

const attributes: SettingTable = { ...clientAttributes, userpassword }

/** What a client's document may hold in a realm, its secret among it. */
export function clientSchema(realm: Realm): JsonSchema {
  const chosen = Object.entries(choicesOf(realm)).map(([key, { from }]) => [key, { enum: from }])
  const details: SchemaDetails = {
    ...(Object.fromEntries(chosen) as SchemaDetails),
    treeName: { enum: [...choicesOf(realm).treeName.from, '[Empty]'] },
    jwks: { type: 'string', format: 'jwk-set' },
    clientJwtPublicKey: { type: 'string', format: 'public-key' },
    idTokenPublicEncryptionKey: { type: 'string', format: 'public-key' },
    userpassword: { ...secretRule.schema, writeOnly: true },
  }
  return documentSchema(attributes, details)
}
