import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import type { All, Changing } from './form.ts'
import { someOf } from './form.ts'
import type { GrantForm } from './grant-form.ts'
import { grantForm, grantOf } from './grant-form.ts'
import type { AuthorizationRecord, CodeState, Grant } from './record.ts'

/**
 * A record as it is stored, before sealing: JSON of an array, where what nearly all records have is
 * known by its place, and the rest by name in an object at the end. Names for everything would make
 * it twice as long and half as fast to read and write; there may be a million outstanding.
 */
export function encode(record: AuthorizationRecord): Buffer {
  const { request, grant, opened_at, opened_sid, interaction_by, bound, answer } = record
  const rest: All<RecordRest> = { opened_at, opened_sid, interaction_by, bound, answer }
  const form: RecordForm = [
    record.v,
    record.state,
    record.client_id,
    record.issuer,
    record.stamp,
    record.redirect_uri,
    record.redeem_by,
    request === undefined ? null : requestForm(request),
    grant === undefined ? null : grantForm(grant),
    someOf(rest),
    record.incarnation,
  ]
  return Buffer.from(JSON.stringify(form))
}

/**
 * Reads what `encode` wrote, this one or that of versions before: an object with all names, or an array
 * without the places at the end. What is absent there is the first incarnation, and epoch 0.
 */
export function decode(value: Buffer): AuthorizationRecord {
  const form = JSON.parse(value.toString()) as RecordForm | NamedForm
  if (!isForm(form)) return named(form)
  const [v, state, client_id, issuer, stamp, redirect_uri, redeem_by, request, grant, rest] = form
  const incarnation = form[10] ?? ''
  const placed = { v, state, client_id, incarnation, issuer, stamp, redirect_uri, redeem_by }
  const record: Changing<AuthorizationRecord> = placed
  if (request !== null) record.request = requestOf(request, client_id, redirect_uri)
  if (grant !== null) record.grant = grantOf(grant)
  return rest === null ? record : Object.assign(record, rest)
}

type RecordForm = readonly [
  v: number,
  state: AuthorizationRecord['state'],
  client_id: string,
  issuer: string,
  stamp: AuthorizationRecord['stamp'],
  redirect_uri: string,
  redeem_by: number,
  request: RequestForm | null,
  grant: GrantForm | null,
  rest: Partial<RecordRest> | null,
  incarnation?: string,
]

/** The form before arrays. */
type NamedForm = Omit<AuthorizationRecord, 'incarnation' | 'grant'> & {
  readonly incarnation?: string
  readonly grant?: Omit<Grant, 'epoch' | 'code'> & {
    readonly epoch?: number
    readonly code?: Omit<CodeState, keyof typeof plainCode> & Partial<typeof plainCode>
  }
}

/** What was not written of a code. */
const plainCode = { response_type: 'code', signed: false }

function named({ grant, ...form }: NamedForm): AuthorizationRecord {
  const record = { ...form, incarnation: form.incarnation ?? '' }
  if (grant === undefined) return record
  const { code, ...rest } = grant
  const known = { ...rest, epoch: rest.epoch ?? 0 }
  return { ...record, grant: code ? { ...known, code: { ...plainCode, ...code } } : known }
}

type RecordRest = Pick<
  AuthorizationRecord,
  'opened_at' | 'opened_sid' | 'interaction_by' | 'bound' | 'answer'
>

function isForm(form: RecordForm | NamedForm): form is RecordForm {
  return Array.isArray(form)
}

/** Client and redirect URI are the record's. */
type RequestForm = readonly [
  response_type: AuthorizationRequest['response_type'],
  redirect_uri_sent: boolean,
  response_mode: AuthorizationRequest['response_mode'],
  scope: readonly string[],
  state: string | null,
  nonce: string | null,
  code_challenge: string | null,
  code_challenge_method: 'S256' | 'plain' | null,
  rest: Partial<RequestRest> | null,
]

type RequestRest = Omit<
  AuthorizationRequest,
  | 'client_id'
  | 'response_type'
  | 'redirect_uri'
  | 'redirect_uri_sent'
  | 'response_mode'
  | 'scope'
  | 'state'
  | 'nonce'
  | 'code_challenge'
  | 'code_challenge_method'
  | symbol
>

function requestForm(request: AuthorizationRequest): RequestForm {
  const { prompt, acr_values, acr_essential, max_age, login_hint, hint_sub } = request
  const { ui_locales, claims, service, decision, signed_by } = request
  const rest: All<RequestRest> = {
    prompt: prompt.length === 0 ? undefined : prompt,
    acr_values: acr_values.length === 0 ? undefined : acr_values,
    acr_essential: acr_essential || undefined,
    max_age,
    login_hint,
    hint_sub,
    ui_locales,
    claims,
    service,
    decision,
    signed_by,
  }
  return [
    request.response_type,
    request.redirect_uri_sent,
    request.response_mode,
    request.scope,
    request.state ?? null,
    request.nonce ?? null,
    request.code_challenge ?? null,
    request.code_challenge_method ?? null,
    someOf(rest),
  ]
}

function requestOf(
  form: RequestForm,
  client_id: string,
  redirect_uri: string,
): AuthorizationRequest {
  const [response_type, redirect_uri_sent, response_mode, scope, state, nonce] = form
  const [, , , , , , code_challenge, code_challenge_method, rest] = form
  const request: Changing<Omit<AuthorizationRequest, symbol>> = {
    client_id,
    response_type,
    redirect_uri,
    redirect_uri_sent,
    response_mode,
    scope,
    prompt: [],
    acr_values: [],
    acr_essential: false,
  }
  if (state !== null) request.state = state
  if (nonce !== null) request.nonce = nonce
  if (code_challenge !== null) request.code_challenge = code_challenge
  if (code_challenge_method !== null) request.code_challenge_method = code_challenge_method
  if (rest !== null) Object.assign(request, rest)
  // It was made by `authorization/request.ts` before it was stored.
  return request as AuthorizationRequest
}
