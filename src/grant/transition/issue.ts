import { tellStep } from '../../base/trace.ts'
import type { Client } from '../../client/client.ts'
import type { SingleUse } from '../../client/single-use.ts'
import { spentBefore } from '../../client/single-use.ts'
import type { Realm } from '../../realm/realm.ts'
import { encode } from '../codec.ts'
import type { RecordKey } from '../handle.ts'
import { newRecordKey } from '../handle.ts'
import { grantExpiry } from '../lifetime.ts'
import type { Answer, Grant, Issued, Unanswered } from '../record.ts'
import { schema } from '../record.ts'
import { insertRecord, moveOn } from './write.ts'

/** What the user allowed, and the request's record if it has one. */
export interface Allowed {
  readonly found: Unanswered | undefined
  readonly issuer: string
  readonly redirect_uri: string
  readonly answer: Answer | undefined
  readonly grant: Grant
}

/** An issued record before it is written: what is sent is made of it first. */
export interface Issuing {
  readonly found: Unanswered | undefined
  readonly key: RecordKey
  readonly record: Issued
  readonly expiry: number
}

export function issuing(realm: Realm, client: Client, allowed: Allowed): Issuing {
  const { found, issuer, redirect_uri, answer, grant } = allowed
  const { client_id, incarnation } = client
  const before = found?.record
  const heldBy = before?.state === 'opened' ? before.heldBy : undefined
  const record: Issued = {
    v: schema,
    state: 'issued',
    client_id,
    incarnation,
    issuer,
    validatedUnder: [realm.version, client.version],
    redirect_uri,
    redeem_by: before?.redeem_by ?? 0,
    by_value: before?.by_value ?? false,
    ...(heldBy === undefined ? {} : { heldBy }),
    ...(answer === undefined ? {} : { answer }),
    grant,
  }
  const expiry = grantExpiry(realm, grant)
  return { found, key: found?.key ?? newRecordKey(realm, expiry), record, expiry }
}

/** pushed or opened → issued: spends the request and makes the code. What had no record has one now. */
export async function issue(realm: Realm, made: Issuing, singleUse?: SingleUse): Promise<boolean> {
  const { found, key, record, expiry } = made
  if (found !== undefined) return moveOn(realm, found, stepOf(record), record, expiry, singleUse)
  const outcome = await insertRecord(realm, key, encode(record), expiry, singleUse?.take())
  if (outcome === 'spent') throw spentBefore(singleUse)
  tellStep(key, stepOf(record))
  return true
}

/** What the browser takes along; nothing, where the client only asked whether the user would let it (`none`). */
function stepOf({ grant: { code, tokens } }: Issued): string {
  const parts = [code && 'code', tokens.length > 0 && 'tokens'].filter((part) => part)
  return parts.length === 0 ? 'allowed' : parts.join('_')
}
