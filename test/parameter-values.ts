/** A good value of every parameter of an authorization request, made from the rows as far as a row says enough. */
import type { AuthorizationParameters, KeptAsSent } from '../src/protocol/authorization-request.ts'
import { authorizationRequest, keptAsSent } from '../src/protocol/authorization-request.ts'
import { base } from './world.ts'

export type ParameterName = keyof typeof authorizationRequest

type Values = Readonly<
  Record<Exclude<ParameterName, KeptAsSent>, string> & Partial<Record<KeptAsSent, string>>
>

/** What is decided, refused or used up has a value here; what is kept as it was sent only if its rule wants a certain one. */
const values: Values = {
  response_type: 'code id_token',
  redirect_uri: 'https://rp.example/other',
  scope: 'openid write',
  code_challenge: 'K7Dz7AcV1urbgo4FYNgy2QAAz6v2LyIdmmGPzsFZbAc',
  code_challenge_method: 'plain',
  prompt: 'login consent',
  max_age: '7200',
  id_token_hint: 'a.b.c',
  acr_values: 'gold silver',
  claims: '{"id_token":{"email":null},"userinfo":{"email":{"essential":true}}}',
  response_mode: 'form_post',
  service: 'Password',
  csrf: 'a session',
  decision: 'allow',
  save_consent: 'on',
  request: 'a.b.c',
  request_uri: `${base}/request.jwt`,
  authorization_details: '[{"type":"payment"}]',
  resource: 'https://api.example',
  dpop_jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I',
  registration: '{}',
}

/** As it is on the wire. A row that is kept as sent and has none here is sent a text that says its name. */
export function goodValue(name: ParameterName): string {
  return (values as Partial<Record<ParameterName, string>>)[name] ?? `my ${name}`
}

/** What is read of that; a row that does not read it needs a value of its own in the table. */
export function readValue(name: ParameterName): unknown {
  const read = authorizationRequest[name].read(goodValue(name))
  if (read === undefined) throw new Error(`${name} has no good value in test/parameter-values.ts`)
  return read
}

/** All that are kept as they were sent, each with what is read of its value. */
export const sentValues = Object.fromEntries(
  keptAsSent.map((name) => [name, readValue(name)]),
) as Required<Pick<AuthorizationParameters, KeptAsSent>>
