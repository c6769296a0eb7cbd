import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FormBrowser } from '../../../test/form-browser.ts'
import { actionOf, authIdOf, formBrowser } from '../../../test/form-browser.ts'
import { people } from '../../../test/people.ts'
import { tree, withTrees } from '../../../test/trees.ts'
import { failure, page, success } from '../../journey/built-in/journey.ts'
import { OAuthError } from '../../protocol/error.ts'
import type { Realm } from '../../realm/realm.ts'
import { readSession } from '../../session/session.ts'
import { login } from './login.ts'

const both = page(['name', 'UsernameCollectorNode'], ['word', 'PasswordCollectorNode'])
const nodes = {
  page: {
    type: 'PageNode',
    settings: both,
    to: { outcome: 'check' },
  },
  check: { type: 'DataStoreDecisionNode', to: { true: success, false: failure } },
  name: { type: 'UsernameCollectorNode' },
  word: { type: 'PasswordCollectorNode' },
}
const { alpha: plain, demo } = await people()
const alpha = await withTrees(plain, {
  Again: tree(nodes, { mustRun: true }),
  Forgotten: tree(nodes, { noSession: true }),
})
const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }

function visitor(realm: Realm = alpha): FormBrowser {
  const endpoint = login(() => undefined)
  return formBrowser((http) => endpoint.handle(realm, http), '/am/XUI/')
}

async function answer(b: FormBrowser, query: string, answers: Record<string, string> = right) {
  const page = await b.get(query)
  const authId = authIdOf(page)
  assert.notEqual(authId, '', query)
  return b.post(actionOf(page), { ...answers, authId })
}

const providing = (more: Partial<Realm['provider']>): Realm => ({
  ...alpha,
  provider: { ...alpha.provider, ...more },
})

test('PingAM: the login page leads where it was asked to, else where the realm says', async () => {
  const at = encodeURIComponent('/am/x')
  const realm = providing({ loginSuccessUrl: ['/am/realm'], loginFailureUrl: ['/am/failed'] })
  const leads = async (query: string, answers = right) => {
    const { status, headers } = await answer(visitor(realm), query, answers)
    return [status, headers.location]
  }
  assert.deepEqual(await leads(`goto=${at}`), [303, '/am/x'])
  assert.deepEqual(await leads('realm=/alpha'), [303, '/am/realm'])
  const wrong = { ...right, IDToken2: 'wrong' }
  assert.deepEqual(await leads(`gotoOnFail=${at}`, wrong), [303, '/am/x'])
  assert.deepEqual(await leads('realm=/alpha', wrong), [303, '/am/failed'])
})

test('CSP3 §6.4.1 to another site the login page leads by an answer of its own', async () => {
  const place = 'https://app.example/in?a="b"&c=<d>'
  const done = await answer(visitor(providing({ loginSuccessUrl: [place] })), 'realm=/alpha')
  assert.deepEqual([done.status, done.headers.refresh], [200, `0; url=${place}`])
  assert.match(
    String(done.body),
    /href="https:\/\/app\.example\/in\?a=&quot;b&quot;&amp;c=&lt;d&gt;"/,
  )
})

test('PingAM: a journey without a session leads on from the page without one', async () => {
  const b = visitor()
  const done = await answer(b, 'service=Forgotten')
  assert.deepEqual([done.status, done.headers.location], [303, '/am/XUI/?realm=%2Falpha'])
  assert.equal(b.jar.has('iPlanetDirectoryPro'), false)
})

test('PingAM: the login page runs a journey that must run, and one for a new session', async () => {
  const b = visitor()
  await answer(b, 'service=Again')
  const token = b.jar.get('iPlanetDirectoryPro') ?? ''
  assert.equal((await readSession(alpha, token))?.sub, demo.sub)
  assert.equal(authIdOf(await b.get('realm=/alpha')), '')
  for (const query of ['service=Again', 'arg=newsession', 'authlevel=1'])
    assert.notEqual(authIdOf(await b.get(query)), '', query)
  await answer(b, 'arg=newsession')
  assert.equal(await readSession(alpha, token), undefined)
})

test('PingAM: a level that was asked for at the login page stands in its form, too', async () => {
  const b = visitor()
  const failed = await answer(b, 'authlevel=1')
  assert.equal(failed.status, 401)
  assert.match(actionOf(failed), /authIndexType=level&authIndexValue=1/)
  assert.equal((await b.post(actionOf(failed), { ...right, authId: authIdOf(failed) })).status, 401)
})

test('PingAM: the login page is in the language that its locale names', async () => {
  const page = await visitor().get('locale=de_DE')
  assert.match(String(page.body), /<html lang="de">/)
  assert.match(actionOf(page), /locale=de_DE/)
})

test('PingAM: what AM’s chains had is asked for in vain', async () => {
  for (const query of [
    'module=DataStore',
    'user=demo',
    'role=x',
    'authIndexType=chain&authIndexValue=x',
  ])
    await assert.rejects(visitor().get(query), (e) => e instanceof OAuthError && e.status === 400)
})

test('a resource that is too long is refused at the login page, too', async () => {
  const at = (length: number) =>
    visitor(alpha).get(`realm=/alpha&resource=true&resourceURL=${'a'.repeat(length)}`)
  assert.equal((await at(2048)).status, 200)
  await assert.rejects(at(2049), {
    code: 'bad_request',
    description: 'The resource is longer than 2048 bytes',
  })
})
