import type { JsonObject } from '../base/json.ts'
import { member } from '../base/json.ts'
import { readClientDocument } from '../client/metadata.ts'
import type { ClientMetadata } from '../protocol/client-metadata.ts'
import { clientMetadata } from '../protocol/client-metadata.ts'
import type { Problem } from '../protocol/problem.ts'
import type { Setting } from '../protocol/setting.ts'
import { readSettings } from '../protocol/setting.ts'

/** A registration that nobody has made, and what of it could not be read. */
export interface RegistrationRead {
  readonly client: ClientMetadata
  readonly problems: readonly Problem[]
}

const rows: Readonly<Record<string, Setting<unknown>>> = clientMetadata
const sections: ReadonlySet<string> = new Set(Object.values(rows).map(({ section }) => section))

/** What RFC 7591 §2 has for what is left out, where PingAM's defaults are others. */
const usual = { response_types: ['code'], grant_types: ['authorization_code'] } as const

/** Texts for people, one in each language: where PingAM has a list of them, RFC 7591 has the one without a language. */
const oneText: ReadonlySet<string> = new Set([
  ...['client_name', 'client_uri', 'logo_uri', 'policy_uri', 'tos_uri'],
])

/** A registration in the sections of PingAM's JSON, or in the flat one of RFC 7591 §2. */
export function readRegistration(input: JsonObject): RegistrationRead {
  if (!Object.keys(input).some((name) => sections.has(name))) return readFlat(input)
  const { document, problems } = readClientDocument(input)
  return { client: readSettings(clientMetadata, document).values, problems }
}

function readFlat(input: JsonObject): RegistrationRead {
  const problems: Problem[] = []
  const values: Record<string, unknown> = { ...readSettings(clientMetadata, {}).values, ...usual }
  for (const [name, { read }] of Object.entries(rows)) {
    const sent = member(input, name)
    // The keys themselves are nothing that is looked at, and RFC 7591 has them as JSON, not as text.
    if (sent === undefined || sent === null || name === 'jwks') continue
    const value = read(oneText.has(name) && typeof sent === 'string' ? [sent] : sent)
    if (value === undefined)
      problems.push({ path: name, text: `must be ${read.wants ?? 'another value'}` })
    else values[name] = value
  }
  if (values.token_endpoint_auth_method === 'none') values.clientType = 'Public'
  return { client: values as ClientMetadata, problems }
}
