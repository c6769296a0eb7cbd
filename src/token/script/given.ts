import type { Form } from '../../base/form.ts'
import type { JsonObject } from '../../base/json.ts'
import type { Client } from '../../client/client.ts'
import { termsOf } from '../../client/terms.ts'
import type { Grant } from '../../grant/record.ts'
import { hasUser } from '../../grant/record.ts'
import { OAuthError } from '../../protocol/error.ts'
import { mayRepeat } from '../../protocol/parameter.ts'
import type { Realm } from '../../realm/realm.ts'
import { shown } from '../../script/calls.ts'
import type { Execution } from '../../script/execute.ts'
import { execute } from '../../script/execute.ts'
import { ScriptFailed } from '../../script/run.ts'
import { findScript } from '../../script/script.ts'
import { underItsName } from '../told/subject.ts'
import { customProperties } from './custom-properties.ts'

/** Names of a form that prove somebody, or open something. */
const secretNames = /secret|password|assertion|verifier|token|code/

/** What of the call for which a script runs it may look at. */
export interface Asked {
  /** Where it was sent to, without its query. */
  readonly requestUri: string
  readonly form?: Form | undefined
}

/** What every script of OAuth 2.0 is given of the grant it is run for. */
export async function givenOf(
  realm: Realm,
  client: Client,
  grant: Grant,
  { requestUri, form }: Asked,
): Promise<JsonObject> {
  const people = hasUser(grant) ? realm.people?.(realm) : undefined
  const { username } = await underItsName(realm, grant)
  return {
    identity: people === undefined ? null : shown(realm, await people.read(grant.sub)),
    session: hasUser(grant) ? { UserToken: username, UserId: grant.sub } : null,
    clientProperties: propertiesOf(realm, client),
    requestProperties: { requestUri, realm: realm.path, requestParams: parametersOf(form) },
    cookieName: realm.provider.cookieName,
  }
}

/** What a script is for, in the error and in the log. */
interface Purpose {
  readonly description: string
  readonly what: string
}

/** Runs the script of that id. @throws OAuthError server_error where it is not there or cannot do its work. */
export async function outcomeOf(
  realm: Realm,
  id: string,
  execution: Execution,
  purpose: Purpose,
): Promise<JsonObject> {
  const script = await findScript(realm, id)
  if (script === undefined) throw scriptFailure(purpose, `there is no script ${id}`)
  return execute(realm, script, execution).catch((error: unknown) => {
    throw error instanceof ScriptFailed ? scriptFailure(purpose, error.message, error) : error
  })
}

export function scriptFailure(
  { description, what }: Purpose,
  reason: string,
  cause?: Error,
): OAuthError {
  return new OAuthError('server_error', description, {
    why: 'server-fault',
    reason: `${what}: ${reason}`,
    ...(cause === undefined ? {} : { cause }),
  })
}

function propertiesOf(realm: Realm, client: Client): JsonObject {
  const { client_id, scopeNames, redirect_uris, customProperties: lines } = client
  return {
    clientId: client_id,
    allowedScopes: [...scopeNames],
    allowedGrantTypes: termsOf(realm, client).grant_types,
    redirectUris: redirect_uris,
    customProperties: customProperties(lines),
  }
}

function parametersOf(form: Form | undefined): JsonObject {
  return Object.fromEntries(
    [...(form ?? [])]
      .filter(([name]) => !secretNames.test(name))
      .map(([name, value]) => [name, mayRepeat.has(name) ? value.split(' ') : [value]]),
  )
}
