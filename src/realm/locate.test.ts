import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../test/cpu.ts'
import { locateRealm, realmOfQuery } from './locate.ts'

/** The reading whose rest is an endpoint, as the router picks it. */
function reading(path: string, rest: string): readonly (string | undefined)[] {
  const found = locateRealm(path).find((each) => each.rest === rest)
  return [found?.path, found?.form]
}

const forms: [path: string, rest: string, realm: string, form: string][] = [
  ['/realms/root/realms/alpha/par', '/par', '/alpha', '/realms/root/realms/alpha'],
  ['/realms/root/par', '/par', '/', '/realms/root'],
  ['/realms/root', '/', '/', '/realms/root'],
  ['/realms/root/realms/a/realms/b/par', '/par', '/a/b', '/realms/root/realms/a/realms/b'],
  ['/alpha/par', '/par', '/alpha', '/alpha'],
  ['/a/b/par', '/par', '/a/b', '/a/b'],
  ['/a/b/c/d/par', '/par', '/a/b/c/d', '/a/b/c/d'],
  ['/par', '/par', '/', ''],
  ['/connect/jwk_uri', '/connect/jwk_uri', '/', ''],
  ['/alpha/connect/jwk_uri', '/connect/jwk_uri', '/alpha', '/alpha'],
  ['', '/', '/', ''],
  ['/x.y~z-1_2/par', '/par', '/x.y~z-1_2', '/x.y~z-1_2'],
]
for (const [path, rest, realm, form] of forms) {
  test(`C-19 ${path || 'nothing'} is ${rest} of ${realm}`, () => {
    assert.deepEqual(reading(path, rest), [realm, form])
  })
}

const nowhere: [path: string, rest: string][] = [
  ['/realms/rootx/par', '/par'],
  ['/realms/root/realms//par', '/par'],
  ['/realms/root/alpha/par', '/par'],
  ['/realms/root/realms/a/realms/b/realms/c/realms/d/realms/e/par', '/par'],
  ['/realms/root/realms/%61lpha/par', '/par'],
  ['/realms/root/realms/../par', '/par'],
  ['/../par', '/par'],
  ['/alpha/./par', '/par'],
  ['/%61lpha/par', '/par'],
  ['//par', '/par'],
  ['/alpha//par', '/par'],
  ['/a/b/c/d/e/par', '/par'],
  [`/${'a'.repeat(65)}/par`, '/par'],
  ['alpha/par', '/par'],
  ['/alpha\\par', '/par'],
  ['/al pha/par', '/par'],
  ['/Ａlpha/par', '/par'],
]
for (const [path, rest] of nowhere) {
  test(`C-19, R-2 ${path.slice(0, 40)} names no realm by a detour`, () => {
    assert.deepEqual(reading(path, rest), [undefined, undefined])
  })
}

test('H-5 long paths of repeated parts are read in no time', async () => {
  const parts = ['/', '/a', '/realms/root', '/realms/root/realms/a', '/realms/root/realms', '/%']
  for (const part of parts) {
    const path = part.repeat(Math.floor(100_000 / part.length))
    assert.ok((await cpuTime(() => locateRealm(path))) < 50)
  }
})

const queries: [value: string, realm: string | undefined][] = [
  ['/alpha', '/alpha'],
  ['alpha', '/alpha'],
  ['/', '/'],
  ['', '/'],
  ['/a/b', '/a/b'],
  ['//alpha', undefined],
  ['/alpha/', undefined],
  ['/al pha', undefined],
  ['/alpha\0', undefined],
  ['/../alpha', undefined],
  ['..', undefined],
  ['/...', '/...'],
  ['\\alpha', undefined],
  ['https://evil.example', undefined],
  [`/${'a'.repeat(65)}`, undefined],
]
for (const [value, realm] of queries) {
  test(`C-19 realm=${JSON.stringify(value.slice(0, 20))} names ${realm}`, () => {
    assert.equal(realmOfQuery(value), realm)
  })
}
