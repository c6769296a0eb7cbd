import assert from 'node:assert/strict'
import { test } from 'node:test'
import { register } from '../../test/register.ts'
import { world } from '../../test/world.ts'
import type { Client } from './client.ts'
import { findClient, grantedScope } from './client.ts'

const w = await world({ alpha: { advancedOAuth2Config: { defaultScopes: ['a|en|A', 'x'] } } })
const realm = await w.realm()
const bravo = await w.realm('/bravo')

async function client(core: Readonly<Record<string, readonly string[]>>): Promise<Client> {
  await register(w, 'one', { core })
  return (await findClient(realm, 'one')) as Client
}

test('C-17, RFC 6749 §3.3 what the client has it gets, in the order it asked', async () => {
  const one = await client({ scopes: ['a|en|Read', 'b|B', 'c'] })
  assert.deepEqual(grantedScope(realm, one, ['c', 'a']), ['c', 'a'])
})

test('C-17 what it does not have is named; names are whole and have a case', async () => {
  const one = await client({ scopes: ['a|en|Read', 'b'] })
  const rows: [asked: string[], unknown: string][] = [
    [['c'], 'c'],
    [['a', 'c', 'b', 'd'], 'c, d'],
    [['A'], 'A'],
    [['a|en|Read'], 'a|en|Read'],
    [['constructor'], 'constructor'],
    [['__proto__'], '__proto__'],
  ]
  for (const [asked, unknown] of rows) {
    assert.throws(() => grantedScope(realm, one, asked), {
      message: `invalid_scope: Unknown/invalid scope(s): [${unknown}]`,
    })
  }
})

test('OA-10 asked for nothing it gets its own defaults, else the realm’s, of what it has', async () => {
  const own = await client({ scopes: ['a', 'b', 'c'], defaultScopes: ['b|en|B', 'c', 'd'] })
  assert.deepEqual(grantedScope(realm, own, undefined), ['b', 'c'])
  const none = await client({ scopes: ['a', 'b'] })
  assert.deepEqual(grantedScope(realm, none, undefined), ['a'])
  const says = /No scope requested and no default scope configured/
  assert.throws(() => grantedScope(bravo, none, undefined), says)
  const other = await client({ scopes: ['z'] })
  assert.throws(() => grantedScope(realm, other, undefined), says)
})

test('OIDC Core §11 offline_access alone, of a client without it, is as if nothing had been asked', async () => {
  const own = await client({ scopes: ['a', 'b'], defaultScopes: ['b'] })
  assert.deepEqual(grantedScope(realm, own, ['offline_access']), ['b'])
  assert.deepEqual(grantedScope(realm, own, ['a', 'offline_access']), ['a'])
  const none = await client({ scopes: ['z'] })
  const says = /No scope requested and no default scope configured/
  assert.throws(() => grantedScope(bravo, none, ['offline_access']), says)
  const has = await client({ scopes: ['a', 'offline_access'] })
  assert.deepEqual(grantedScope(realm, has, ['offline_access']), ['offline_access'])
})
