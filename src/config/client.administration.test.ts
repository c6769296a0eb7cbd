import assert from 'node:assert/strict'
import { test } from 'node:test'
import { world } from '../../test/world.ts'
import type { JsonObject } from '../base/json.ts'
import { clientKind } from './client.ts'
import { anyState } from './kind.ts'

const change = { by: 'test', condition: anyState }
const document: JsonObject = {
  advancedOAuth2ClientConfig: { tokenEndpointAuthMethod: 'none' },
}

/** Registrations of scopes and of the switch: where, what, and which attribute is wrong; empty: none. */
const registrations: readonly (readonly [string, string, string, JsonObject, string])[] = [
  ['a client of the root', '/', 'x', {}, 'coreOAuth2ClientConfig.scopes[1]'],
  [
    'the client that is not switched on',
    '/',
    'idmAdminClient',
    {},
    'coreOAuth2ClientConfig.scopes[1]',
  ],
  ['the client that is', '/', 'idmAdminClient', { administration: true }, ''],
  ['another one that is', '/', 'x', { administration: true }, 'parapetClientConfig.administration'],
  [
    'one of alpha that is',
    '/alpha',
    'idmAdminClient',
    { administration: true },
    'parapetClientConfig.administration',
  ],
  [
    'one without PKCE',
    '/',
    'idmAdminClient',
    { administration: true, codeVerifierEnforced: 'false' },
    'parapetClientConfig.codeVerifierEnforced',
  ],
  ['one of alpha, as exports have it: it is granted to nobody', '/alpha', 'x', {}, ''],
]

test('C-29 a scope of administration is registered at the one client made for that', async () => {
  const w = await world()
  for (const [what, path, id, own, wrong] of registrations) {
    const input = {
      ...document,
      coreOAuth2ClientConfig: {
        clientType: 'Public',
        scopes: ['openid', 'fr:am:*|Administration'],
      },
      parapetClientConfig: { codeVerifierEnforced: 'true', ...own },
    }
    const saved = await clientKind.save(await w.realm(path), id, input, change)
    const problems = saved.outcome === 'invalid' ? saved.problems.map((each) => each.path) : []
    assert.deepEqual(problems, wrong === '' ? [] : [wrong], what)
  }
})
