import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sentValues } from '../../test/parameter-values.ts'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { decode, encode } from './codec.ts'
import type {
  AuthorizationRecord,
  Ended,
  Grant,
  Issued,
  Opened,
  Pushed,
  Redeemed,
} from './record.ts'
import { grantIn, schema } from './record.ts'

const at = {
  v: schema,
  client_id: 'one',
  incarnation: 'aB-9',
  issuer: 'https://as.example/am/oauth2',
  validatedUnder: [3, 2 ** 47],
  redirect_uri: 'https://rp.example/cb',
  redeem_by: 0,
  by_value: false,
} as const

const bare: Ended = { ...at, state: 'ended' }

const leastRequest: Omit<AuthorizationRequest, symbol> = {
  client_id: 'one',
  response_type: 'token',
  redirect_uri: 'https://rp.example/cb',
  redirect_uri_sent: false,
  response_mode: 'fragment',
  scope: [],
  prompt: [],
  acr_values: [],
  acr_essential: false,
}

/** With every member there is: what is kept as sent by its rows, and the compiler asks for each that a rule decided. */
const fullRequest: Required<Omit<AuthorizationRequest, symbol>> = {
  ...leastRequest,
  ...sentValues,
  redirect_uri_sent: true,
  scope: ['openid', 'profile'],
  state: 'ü "s"\u2028',
  nonce: '',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
  prompt: ['login', 'consent'],
  max_age: 0,
  hint_sub: 'f00d',
  hint_iat: 1_700_000_000,
  acr_values: ['high'],
  acr_essential: true,
  claims: { id_token: { acr: null }, ['__proto__']: { polluted: true } },
  decision: { allow: true, save: false, csrf_hash: 'h' },
  authorization_details: ['{ "type":"payment","amount":1.50}', '{"type":"\\u00e9"}'],
  signed_by: 'secret',
  resource: ['https://api.example/', 'urn:b'],
}

const leastGrant: Grant = {
  sub: 'f00d',
  username: 'demo',
  epoch: 3,
  grant_type: 'authorization_code',
  sid: '',
  auth_time: 7,
  scope: [],
  tokens: [],
  last: 0,
}

const fullGrant: Required<Grant> = {
  ...leastGrant,
  acr: '0',
  methods: ['DataStore', 'WebAuthnAuthentication'],
  scope: ['openid'],
  sector: 'rp.example',
  nonce: 'n',
  s_hash: 'h',
  claims: { userinfo: { email: null } },
  resource: ['https://api.example/', 'urn:b'],
  authorization_details: ['{"type":"payment"}'],
  code: {
    by: 9,
    tries: 2,
    redirect_uri_sent: true,
    challenge: 'c',
    method: 'plain',
    response_type: 'code id_token',
    signed: true,
    cnf: { jkt: 'a' },
  },
  refresh: { n: 4, by: 0, rotated_at: 8, cnf: { jkt: 'b' } },
  tokens: [
    { n: 1, iat: 1, by: 2 },
    { n: 2, iat: 2, by: 3, scope: ['a'], cnf: { jkt: 'c' } },
    { n: 3, iat: 2, by: 3, cnf: { 'x5t#S256': 'd' } },
    { n: 4, iat: 2, by: 3, resource: ['urn:b'] },
    { n: 5, iat: 2, by: 3, authorization_details: [] },
  ],
  last: 2,
}

const pushed: Pushed = { ...at, state: 'pushed', request: leastRequest as AuthorizationRequest }

const least: Issued = {
  ...at,
  state: 'issued',
  grant: {
    ...leastGrant,
    code: {
      by: 9,
      tries: 0,
      redirect_uri_sent: false,
      response_type: 'code',
      signed: false,
    },
  },
}

const opened: Required<Opened> = {
  ...at,
  state: 'opened',
  request: fullRequest as Required<AuthorizationRequest>,
  opened_at: 5,
  opened_sid: '',
  interaction_by: 6,
  heldBy: { sid: 's', nonce: 'n' },
  by_value: true,
}

const issued: Required<Issued> = {
  ...at,
  state: 'issued',
  heldBy: { sid: 's', nonce: 'n' },
  answer: { response_mode: 'form_post', state: 's', remote: 'd' },
  grant: fullGrant,
}

const samples = { bare, pushed, least, opened, issued }

/** By names, as versions before arrays wrote it: some names on disk are not those of the source. */
function byNames({ validatedUnder, heldBy, ...same }: Record<string, unknown>): Buffer {
  return Buffer.from(JSON.stringify({ ...same, stamp: validatedUnder, bound: heldBy }))
}

for (const [name, record] of Object.entries(samples)) {
  test(`PAR-26 a record is read as it was written: ${name}`, () => {
    assert.deepEqual(decode(encode(record)), record)
  })

  test(`PAR-26 a record in the form of the version before is read, and written in this one: ${name}`, () => {
    const old = decode(byNames({ ...record }))
    assert.deepEqual(old, record)
    assert.deepEqual(decode(encode(old)), record)
  })
}

test('PAR-26 no member names its kind: a push takes less than half of what it did by names', () => {
  const bytes = encode(pushed).length
  assert.ok(bytes * 2 < JSON.stringify(pushed).length, String(bytes))
})

/** Without the places at the end, as versions before wrote arrays. */
function shorter(record: AuthorizationRecord): Buffer {
  const form = JSON.parse(encode(record).toString()) as unknown[]
  assert.equal(form.pop(), record.incarnation)
  const grant = form[8] as unknown[] | null
  if (grant !== null) assert.equal(grant.pop(), grantIn(record)?.epoch)
  return Buffer.from(JSON.stringify(form))
}

test('C-37 a record from before there were incarnations is one of the first', () => {
  for (const record of Object.values(samples)) {
    const first = { ...record, incarnation: '' }
    const had = grantIn(record)
    const grant = had === undefined ? {} : { grant: { ...had, epoch: 0 } }
    assert.deepEqual(decode(shorter(record)), { ...first, ...grant })
    const { incarnation, ...named } = record
    assert.equal(incarnation, 'aB-9')
    assert.equal(decode(byNames(named)).incarnation, '')
  }
})

test('C-37 that costs a push seven bytes', () => {
  assert.equal(encode(pushed).length - shorter(pushed).length, 7)
})

test('a code is read as it was written, with what is rare of it and without; before there was that, it was the usual', () => {
  const usual = { by: 9, tries: 0, redirect_uri_sent: true, response_type: 'code', signed: false }
  const pkce = { ...usual, challenge: 'c', method: 'S256' } as const
  const rare = { ...usual, response_type: 'code token', signed: true }
  for (const code of [usual, pkce, rare, { ...rare, ...pkce, signed: true }]) {
    const record: Redeemed = { ...at, state: 'redeemed', grant: { ...leastGrant, code } }
    assert.deepEqual(decode(encode(record)), record)
  }
  const { response_type, signed, ...before } = usual
  assert.deepEqual([response_type, signed], ['code', false])
  const named = { ...least, grant: { ...leastGrant, code: before } }
  assert.deepEqual(grantIn(decode(byNames(named)))?.code, usual)
})
