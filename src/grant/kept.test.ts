import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AuthorizationRequest } from '../protocol/authorization-request.ts'
import { keptAsSent } from '../protocol/authorization-request.ts'
import { decode, encode } from './codec.ts'
import type { Pushed } from './record.ts'
import { schema } from './record.ts'

const leastRequest: Omit<AuthorizationRequest, symbol> = {
  client_id: 'one',
  response_type: 'code',
  redirect_uri: 'https://rp.example/cb',
  redirect_uri_sent: true,
  response_mode: 'query',
  scope: [],
  prompt: [],
  acr_values: [],
  acr_essential: false,
}

const pushed: Omit<Pushed, 'request'> = {
  v: schema,
  state: 'pushed',
  client_id: 'one',
  incarnation: '',
  issuer: 'https://as.example/am/oauth2',
  validatedUnder: [1, 1],
  redirect_uri: 'https://rp.example/cb',
  redeem_by: 1,
  by_value: false,
}

for (const name of keptAsSent) {
  test(`every parameter that is kept as it was sent comes back from the store: ${name}`, () => {
    const request = { ...leastRequest, [name]: `the ${name}` } as AuthorizationRequest
    const read = decode(encode({ ...pushed, request }))
    assert.deepEqual(read, { ...pushed, request })
  })
}
