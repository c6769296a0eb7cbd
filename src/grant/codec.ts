import type { AuthorizationRequest, KeptAsSent } from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import { codec, packed } from './packed.ts'
import type { AuthorizationRecord, CodeState, Grant, RefreshState, TokenState } from './record.ts'

/** These two have places; whatever else is kept as it was sent is stored by its name, without a line here. */
const keptByName = keptAsSent.filter(
  (name): name is Exclude<KeptAsSent, 'state' | 'nonce'> => name !== 'state' && name !== 'nonce',
)

const request = packed<AuthorizationRequest>()(
  [
    'response_type',
    'redirect_uri_sent',
    'response_mode',
    'scope',
    'state',
    'nonce',
    'code_challenge',
    'code_challenge_method',
    [
      { name: 'prompt', absent: [] },
      { name: 'acr_values', absent: [] },
      { name: 'acr_essential', absent: false },
      'max_age',
      'hint_sub',
      'hint_iat',
      'claims',
      'decision',
      'signed_by',
      'resource',
      'authorization_details',
      ...keptByName,
    ],
  ],
  ['client_id', 'redirect_uri'],
)

/** Most are of response type `code`, by a request that was not signed: nothing is written of that. */
const code = packed<CodeState>()([
  'by',
  'tries',
  'redirect_uri_sent',
  'challenge',
  'method',
  { name: 'response_type', absent: 'code' },
  { name: 'signed', absent: false },
  'cnf',
])

const refresh = packed<RefreshState>()(['n', 'by', 'rotated_at', 'cnf'])

const token = packed<TokenState>()([
  'n',
  'iat',
  'by',
  'scope',
  'cnf',
  'resource',
  'authorization_details',
  'fields',
])

const grant = packed<Grant>()([
  'sub',
  'username',
  'grant_type',
  'sid',
  'auth_time',
  'scope',
  { name: 'tokens', each: token },
  'last',
  { name: 'code', form: code },
  { name: 'refresh', form: refresh },
  ['acr', 'nonce', 's_hash', 'claims', 'resource', 'authorization_details', 'methods', 'sector'],
  { name: 'epoch', absent: 0 },
])

/** What was stored before there were incarnations is of the first. */
const record = packed<AuthorizationRecord>()([
  'v',
  'state',
  'client_id',
  'issuer',
  { name: 'validatedUnder', stored: 'stamp' },
  'redirect_uri',
  'redeem_by',
  { name: 'request', form: request },
  { name: 'grant', form: grant },
  [
    'opened_at',
    'opened_sid',
    'interaction_by',
    { name: 'heldBy', stored: 'bound' },
    'answer',
    { name: 'by_value', absent: false },
  ],
  { name: 'incarnation', absent: '' },
])

/** A record as it is stored, before sealing, and read again. */
export const { encode, decode } = codec(record)
