import assert from 'node:assert/strict'
import { test } from 'node:test'
import { redirect_uri as only, register } from '../../test/register.ts'
import { world } from '../../test/world.ts'
import type { Client } from '../client/client.ts'
import { findClient } from '../client/client.ts'
import { OAuthError } from '../protocol/error.ts'
import type { RedirectionParameters } from './redirection.ts'
import { proveRedirection } from './redirection.ts'

const w = await world()
const realm = await w.realm()

async function client(client_id: string): Promise<Client> {
  return (await findClient(realm, client_id)) as Client
}

async function where(client_id: string, parameters: RedirectionParameters): Promise<string> {
  return proveRedirection(realm, await client(client_id), parameters).redirect_uri
}

async function refuses(
  client_id: string,
  redirect_uri: string,
  code = 'redirect_uri_mismatch',
): Promise<void> {
  await assert.rejects(
    where(client_id, { redirect_uri }),
    (error) =>
      error instanceof OAuthError &&
      error.code === code &&
      error.description === 'The redirection URI provided does not match a pre-registered value.',
  )
}

const registered = [
  'https://a.example.com/cb',
  'https://a.example.com/cb?x=1',
  'https://a.example.com:8443/',
  'https://www.example.com:443/callback',
  'https://a.example.com/%C3%BC/%2e',
  'https://a.example.com/h%23',
  'com.example.app:/cb',
  'http://intranet.example/cb',
]
await register(w, 'web', { core: { redirectionUris: registered } })
await register(w, 'one')

for (const uri of registered.filter((each) => !each.includes('%2e'))) {
  test(`RFC 6749 §3.1.2.3, C-4 ${uri} is kept byte for byte`, async () => {
    assert.equal(await where('web', { redirect_uri: uri }), uri)
  })
}

const near: [check: string, uri: string][] = [
  ['R-1 userinfo', 'https://a.example.com@evil.example/cb'],
  ['R-1 userinfo', 'https://x@a.example.com/cb'],
  ['R-1 an empty userinfo', 'https://@a.example.com/cb'],
  ['R-1 a port that is a host', 'http://localhost:80@evil.example'],
  ['R-2 traversal', 'https://a.example.com/cb/../x'],
  ['R-2 traversal back to the same', 'https://a.example.com/x/../cb'],
  ['R-2 encoded traversal', 'https://a.example.com/x/%2e%2e/cb'],
  ['R-2 twice encoded', 'https://a.example.com/%252e%252e/cb'],
  ['R-2 a path parameter', 'https://a.example.com/cb;x'],
  ['R-2 a double slash', 'https://a.example.com//cb'],
  ['R-2 a slash behind', 'https://a.example.com/cb/'],
  ['R-2 a backslash', 'https://a.example.com\\cb'],
  ['R-2 a backslash for the authority', 'https:\\\\a.example.com/cb'],
  ['R-2 a dot behind the host', 'https://a.example.com./cb'],
  ['R-2 a dot in the path', 'https://a.example.com/./cb'],
  ['R-2 a wildcard', 'https://*.example.com/cb'],
  ['R-2 an encoded letter', 'https://a.example.com/%63b'],
  ['R-3 case of the scheme', 'HTTPS://a.example.com/cb'],
  ['R-3 case of the host', 'https://A.example.com/cb'],
  ['R-3 case of the path', 'https://a.example.com/CB'],
  ['R-3 case of percent-encoding', 'https://a.example.com/%c3%bc/%2e'],
  ['R-3 another scheme', 'http://a.example.com/cb'],
  ['R-3 another port', 'https://a.example.com:8444/'],
  ['R-3 the default port', 'https://a.example.com:443/cb'],
  ['R-3 no default port', 'https://www.example.com/callback'],
  ['R-3 more query', 'https://a.example.com/cb?x=1&y=2'],
  ['R-3 an empty query', 'https://a.example.com/cb?'],
  ['R-3 another query', 'https://a.example.com/cb?x=2'],
  ['R-4 a dot as any letter', 'https://aXexample.com/cb'],
  ['R-4 a pattern', 'https://.*/cb'],
  ['R-4 something before', 'https://evil.example/?https://a.example.com/cb'],
  ['R-4 something behind', 'https://a.example.com.evil.example/cb'],
  ['R-5 script', 'javascript:alert(1)//https://a.example.com/cb'],
  ['R-5 data', 'data:text/html,x'],
  ['R-5 a control character in front', '\u0001https://a.example.com/cb'],
  ['R-5 a space in front', ' https://a.example.com/cb'],
  ['R-5 a tab inside', 'https://a.example.com/c\tb'],
  ['R-5 a line feed behind', 'https://a.example.com/cb\n'],
  ['R-10 a fragment', 'https://a.example.com/cb#x'],
  ['R-10 an empty fragment', 'https://a.example.com/cb#'],
  ['R-10 an encoded fragment', 'https://a.example.com/cb%23x'],
  ['R-11 full-width dots', 'https://a．example．com/cb'],
  ['R-11 an ideographic full stop', 'https://a。example。com/cb'],
  ['R-11 a soft hyphen', 'https://a.exam\u00adple.com/cb'],
  ['R-11 a Cyrillic a', 'https://\u0430.example.com/cb'],
  ['R-11 its punycode', 'https://xn--80a.example.com/cb'],
  ['R-11 the raw letters of an encoded path', 'https://a.example.com/ü/%2e'],
  ['R-11 NFD', 'https://a.example.com/u\u0308/%2e'],
  ['R-11 a byte order mark', '\ufeffhttps://a.example.com/cb'],
  ['R-11 a zero-width space', 'https://a.example.com/cb\u200b'],
  ['R-11 a full-width slash', 'https://a.example.com\uff0fcb'],
  ['P-6 nothing like a URI', 'cb'],
  ['P-6 relative', '//a.example.com/cb'],
]
for (const [check, uri] of near) {
  test(`${check}: ${JSON.stringify(uri)} is not registered`, () => refuses('web', uri))
}

/** What registration refuses; here it got in all the same. */
const slipped: [check: string, uri: string][] = [
  ['R-1 userinfo', 'https://user:pw@a.example.com/cb'],
  ['R-2 a wildcard', 'https://*.example.com/cb'],
  ['R-2 traversal', 'https://a.example.com/cb/../x'],
  ['R-2 encoded traversal', 'https://a.example.com/%2E%2e/cb'],
  ['R-5 script', 'javascript:alert(1)'],
  ['R-5 script in mixed case', 'jAvAsCrIpT://a.example.com/%0aalert(1)'],
  ['R-5 data', 'data:text/html,<script>alert(1)</script>'],
  ['R-5 vbscript', 'vbscript:x'],
  ['R-5 blob', 'blob:https://a.example.com/x'],
  ['R-5 file', 'file:///etc/passwd'],
  ['R-5 about', 'about:blank'],
  ['R-5 a control character', '\u0001javascript:alert(1)'],
  ['R-5 a tab', 'java\tscript:alert(1)'],
  ['R-8 code', 'https://a.example.com/cb?code=x'],
  ['R-8 state', 'https://a.example.com/cb?a=1&state=x'],
  ['R-8 iss', 'https://a.example.com/cb?iss=x'],
  ['R-8 response', 'https://a.example.com/cb?response=x'],
  ['R-8 error in other letters', 'https://a.example.com/cb?%65rror=x'],
  ['R-10 a fragment', 'https://a.example.com/cb#x'],
  ['R-11 raw letters', 'https://ä.example/cb'],
  ['X-6 a line feed', 'https://a.example.com/cb\r\nSet-Cookie:x=1'],
  ['P-6 no URI', 'cb'],
]
for (const [i, [check, uri]] of slipped.entries()) {
  test(`${check}: ${JSON.stringify(uri)} is not used even where it is registered`, async () => {
    await register(w, `slipped ${i}`, { core: { redirectionUris: [uri] } })
    await refuses(`slipped ${i}`, uri)
    await assert.rejects(where(`slipped ${i}`, {}), /redirect_uri_mismatch/)
  })
}

test('OA-7 the only registered one need not be sent; none or several cannot be guessed', async () => {
  await register(w, 'none', { core: { redirectionUris: [] } })
  assert.equal(await where('one', {}), only)
  for (const id of ['web', 'none']) {
    await assert.rejects(where(id, {}), /invalid_request: Missing parameter: redirect_uri/)
  }
})

test('F2 in fapi2 it must be sent', async () => {
  await register(w, 'fapi2', { own: { profile: 'fapi2' } })
  await assert.rejects(where('fapi2', {}), /Missing parameter: redirect_uri/)
  assert.equal(await where('fapi2', { redirect_uri: only }), only)
})

const native = ['http://127.0.0.1/cb', 'http://[::1]:1/cb?x=1', 'http://localhost:8080']

for (const profile of ['ping', 'strict', 'fapi2']) {
  test(`R-3, RFC 8252 §7.3 ${profile}: of a native client only the loopback port may vary`, async () => {
    const core = { redirectionUris: native, clientType: 'Public' }
    await register(w, 'native', {
      core: { ...core, loopbackInterfaceRedirection: true },
      own: { profile },
    })
    await register(w, 'not native', { core, own: { profile } })
    const good = [
      'http://127.0.0.1:51004/cb',
      'http://127.0.0.1/cb',
      'http://[::1]:65535/cb?x=1',
      'http://localhost',
      'http://localhost:1',
    ]
    for (const redirect_uri of good) {
      assert.equal(await where('native', { redirect_uri }), redirect_uri)
    }
    const bad = [
      'http://127.0.0.1:51004/CB',
      'http://127.0.0.1:51004/cb/',
      'http://127.0.0.1:51004/cb?y',
      'http://127.0.0.2:51004/cb',
      'http://localhost:51004/cb',
      'http://[::1]:51004/cb',
      'http://[0:0:0:0:0:0:0:1]:1/cb?x=1',
      'http://127.1:51004/cb',
      'http://2130706433:51004/cb',
      'http://LOCALHOST:8080',
      'http://localhost:8080/',
      'http://localhost:x',
      'http://localhost:0x50',
      'http://localhost:65536',
      'http://localhost:',
      'http://localhost:80@evil.example',
      'http://localhost:80.evil.example',
      'http://localhost.evil.example',
      'http://localhost\\@evil.example',
      'http://localhost:1#x',
      'https://127.0.0.1:51004/cb',
    ]
    const code = profile === 'ping' ? 'redirect_uri_mismatch' : 'invalid_request'
    for (const uri of bad) await refuses('native', uri, code)
    await refuses('not native', 'http://127.0.0.1:51004/cb', code)
  })
}

const byProfile: [uri: string, type: string, ping: boolean, strict: boolean][] = [
  ['https://a.example/cb', 'Confidential', true, true],
  ['http://a.example/cb', 'Confidential', true, false],
  ['http://127.0.0.1/cb', 'Confidential', true, true],
  ['com.example.app:/cb', 'Confidential', true, false],
  ['com.example.app:/cb', 'Public', true, true],
  ['myapp://cb', 'Public', true, false],
  ['http://a.example/cb', 'Public', true, false],
]
for (const [redirect_uri, clientType, ...good] of byProfile) {
  test(`C-4 ${redirect_uri} of a ${clientType} client, by profile`, async () => {
    for (const [i, profile] of ['ping', 'strict'].entries()) {
      const id = `${profile} ${clientType} ${redirect_uri}`
      await register(w, id, {
        core: { redirectionUris: [redirect_uri], clientType },
        own: { profile },
      })
      if (good[i]) assert.equal(await where(id, { redirect_uri }), redirect_uri)
      else await refuses(id, redirect_uri, i === 0 ? undefined : 'invalid_request')
    }
  })
}

const modes: [response_type: string, response_mode: string | undefined, mode: string][] = [
  ['code', undefined, 'query'],
  ['code', 'fragment', 'fragment'],
  ['code', 'form_post', 'form_post'],
  ['none', undefined, 'query'],
  ['token', undefined, 'fragment'],
  ['id_token code', undefined, 'fragment'],
  ['id_token', 'query', 'fragment'],
  ['code token', 'query', 'fragment'],
  ['code', 'jwt', 'query.jwt'],
  ['none', 'jwt', 'query.jwt'],
  ['token', 'jwt', 'fragment.jwt'],
  ['code id_token', 'jwt', 'fragment.jwt'],
  ['code', 'query.jwt', 'query.jwt'],
  ['code', 'fragment.jwt', 'fragment.jwt'],
  ['token', 'form_post.jwt', 'form_post.jwt'],
  ['token', 'query.jwt', 'fragment.jwt'],
  ['something', 'jwt', 'query.jwt'],
  ['something token', 'jwt', 'fragment.jwt'],
  ['something', undefined, 'query'],
  ['something token', undefined, 'fragment'],
]
for (const [response_type, response_mode, mode] of modes) {
  test(`RM-1 ${response_type} in ${response_mode ?? 'its default mode'}: answered in ${mode}`, async () => {
    const parameters = { response_type, ...(response_mode && { response_mode }) }
    const proven = proveRedirection(realm, await client('one'), parameters as never)
    assert.equal(proven.response_mode, mode)
  })
}
