/** Types of authorization details, for tests of what is asked by them (RFC 9396). */
import assert from 'node:assert/strict'
import type { Json, JsonObject } from '../src/base/json.ts'
import { detailsTypeKind } from '../src/config/details/details-type.ts'
import { anyState } from '../src/config/kind.ts'
import { amend, amendRealm } from './amend.ts'
import type { World } from './world.ts'
import { world } from './world.ts'

const change = { by: 'test', condition: anyState }

const amount: JsonObject = {
  type: 'object',
  properties: {
    value: { type: 'number', exclusiveMinimum: 0, maximum: 1_000_000 },
    currency: { type: 'string', pattern: '^[A-Z]{3}$' },
  },
  required: ['value', 'currency'],
  additionalProperties: false,
}

/** A payment, in words of two languages, and access to accounts, without any. */
export const types: readonly JsonObject[] = [
  {
    type: 'payment',
    displayName: ['Payment', 'de|Zahlung'],
    consentText: [
      'Pay {amount.value} {amount.currency} to {creditor}',
      'de|{amount.value} {amount.currency} an {creditor} zahlen',
    ],
    schema: {
      properties: {
        amount,
        creditor: { type: 'string', minLength: 1, maxLength: 70 },
        iban: { type: 'string', pattern: '^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$' },
        remark: {},
      },
      required: ['amount', 'creditor'],
    },
  },
  {
    type: 'https://bank.example/account',
    displayName: ['Account'],
    schema: {
      properties: {
        actions: {
          type: 'array',
          items: { enum: ['list', 'read', 'transfer'] },
          uniqueItems: true,
        },
        locations: { type: 'array', items: { type: 'string', format: 'uri' } },
      },
      required: ['actions'],
      additionalProperties: false,
    },
  },
  { type: 'secret', displayName: ['Secret'] },
]

/** A world in which alpha has these types and myClient may use the first two. */
export async function detailsWorld(): Promise<World> {
  const w = await world()
  await amendRealm(w, { advancedOAuth2Config: { enableRichAuthorizationRequests: true } })
  for (const type of types) await saveType(w, type)
  await allowTypes(w, 'myClient', ['payment', 'https://bank.example/account'])
  return w
}

export async function saveType(w: World, type: JsonObject): Promise<void> {
  const saved = await detailsTypeKind.save(await w.realm(), String(type.type), type, change)
  assert.ok('item' in saved, JSON.stringify(saved))
}

export async function removeType(w: World, type: string): Promise<void> {
  const removed = await detailsTypeKind.remove(await w.realm(), type, change)
  assert.equal(removed.outcome, 'removed')
}

export function allowTypes(
  w: World,
  client_id: string,
  authorization_details_types: readonly Json[],
): Promise<void> {
  return amend(w, client_id, { parapetClientConfig: { authorization_details_types } })
}

/** Spelled as nothing that parses and writes JSON again would spell it. */
export const payment =
  '{ "type":"payment", "amount": {"currency":"EUR","value":1.50},\t"creditor":"Caf\\u00e9 \\/ Zo\u00eb" }'

export const account =
  '{"type":"https://bank.example/account","actions":["list","read"],"locations":["https://rs.example/"]}'
