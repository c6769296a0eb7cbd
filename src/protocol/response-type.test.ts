import assert from 'node:assert/strict'
import { test } from 'node:test'
import { responseTypeOf, responseTypes } from './response-type.ts'

const multiple = 'OAuth 2.0 Multiple Response Types'

for (const { name } of responseTypes) {
  test(`RFC 6749 §3.1.1 ${name} is one type in every order of its words`, () => {
    const words = name.split(' ')
    const orders = words.flatMap((first) => {
      const [second, third, ...rest] = words.filter((word) => word !== first)
      const others = [second, third, ...rest].filter((word) => word !== undefined)
      return [
        [first, ...others],
        [first, ...others.reverse()],
      ]
    })
    for (const order of orders) assert.equal(responseTypeOf.get(order.join(' '))?.name, name)
  })
}

for (const text of [
  '',
  ' ',
  'Code',
  'code  token',
  ' code',
  'code ',
  'code code',
  'code,token',
  'device_code',
  'code none',
  'toString',
  'code\ttoken',
]) {
  test(`RFC 6749 §3.1.1 ${JSON.stringify(text)} is none that is served`, () => {
    assert.equal(responseTypeOf.get(text), undefined)
  })
}

test(`${multiple} §5 what brings a token or an ID token goes into the fragment`, () => {
  for (const { issues, default_mode } of responseTypes) {
    const fragment = issues.includes('token') || issues.includes('id_token')
    assert.equal(default_mode, fragment ? 'fragment' : 'query')
  }
})

test('OIDC-23 nonce is required where an ID token comes from the authorization endpoint', () => {
  for (const { issues, nonce_required } of responseTypes) {
    assert.equal(nonce_required, issues.includes('id_token'))
  }
})

test('C-10 who issues a code needs its grant, who issues anything else implicit', () => {
  for (const { issues, grants } of responseTypes) {
    assert.equal(grants.includes('authorization_code'), issues.includes('code'))
    assert.equal(
      grants.includes('implicit'),
      issues.some((each) => each !== 'code'),
    )
  }
})

test('PingAM: oauth2-par-endpoint all eight are there, each once', () => {
  assert.equal(new Set(responseTypes.map(({ name }) => name)).size, 8)
})
