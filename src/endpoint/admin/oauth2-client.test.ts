import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Call } from '../../../test/administrator.ts'
import { administrator } from '../../../test/administrator.ts'
import type { World } from '../../../test/world.ts'
import { base, basic, bodyOf, push, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'
import type { JsonObject } from '../../base/json.ts'

const clients = '/realm-config/agents/OAuth2Client'
const core = 'coreOAuth2ClientConfig'

const fresh = {
  [core]: {
    userpassword: 'forgerock',
    redirectionUris: { inherited: false, value: ['https://a.example/cb'] },
    scopes: { inherited: false, value: ['write'] },
  },
}

interface Setup {
  readonly w: World
  readonly call: Call
}

async function setup(): Promise<Setup> {
  const w = await world()
  return { w, call: await administrator(w) }
}

function section(response: HttpResponse, name = core): Record<string, unknown> {
  return bodyOf(response)[name] as Record<string, unknown>
}

/** A push as that client, to see what it may do now. */
async function pushStatus(w: World, id: string, secret: string, uri: string): Promise<number> {
  const form = pushForm({ redirect_uri: uri })
  const headers = { authorization: basic(id, secret) }
  return (await w.serve(requestOf('POST', `${base}/par`, { form, headers }))).status
}

test('PingAM: rest-api-oauth2-client a client is created, read, replaced and deleted', async () => {
  const { call } = await setup()
  const created = await call('PUT', `${clients}/new%20one`, fresh)
  assert.equal(created.status, 201)
  assert.match(String(created.headers.location), /\/realm-config\/agents\/OAuth2Client\/new%20one$/)
  assert.equal(created.headers.etag, `"${String(bodyOf(created)._rev)}"`)
  assert.deepEqual(section(created).redirectionUris, fresh[core].redirectionUris)
  assert.deepEqual(section(created).status, { inherited: false, value: 'Active' })
  assert.equal('userpassword' in section(created), false)

  const read = await call('GET', `${clients}/new%20one`)
  assert.deepEqual(bodyOf(read), bodyOf(created))
  assert.equal(bodyOf(read)._id, 'new one')
  assert.deepEqual(bodyOf(read)._type, {
    _id: 'OAuth2Client',
    name: 'OAuth2 Clients',
    collection: true,
  })

  const replaced = await call('PUT', `${clients}/new%20one`, { [core]: { scopes: ['read'] } })
  assert.equal(replaced.status, 200)
  assert.equal(replaced.headers.location, undefined)
  assert.deepEqual(section(replaced).redirectionUris, { inherited: false, value: [] })
  assert.notEqual(bodyOf(replaced)._rev, bodyOf(created)._rev)

  const deleted = await call('DELETE', `${clients}/new%20one`)
  assert.equal(deleted.status, 200)
  assert.deepEqual(bodyOf(deleted), bodyOf(replaced))
  for (const method of ['GET', 'DELETE']) {
    const gone = await call(method, `${clients}/new%20one`)
    assert.equal(gone.status, 404)
    assert.deepEqual(bodyOf(gone), { code: 404, reason: 'Not Found', message: 'Not Found' })
  }
  assert.equal((await call('PUT', `${clients}/new%20one`, fresh)).status, 201)
})

test('PingAM: rest-api-oauth2-client a change takes effect at once, the secret stays unless given', async () => {
  const { w, call } = await setup()
  const uri = 'https://a.example/cb'
  assert.equal((await call('PUT', `${clients}/c`, fresh)).status, 201)
  assert.equal(await pushStatus(w, 'c', 'forgerock', uri), 201)
  const other = { [core]: { redirectionUris: ['https://b.example/cb'], scopes: ['write'] } }
  assert.equal((await call('PUT', `${clients}/c`, other)).status, 200)
  assert.equal(await pushStatus(w, 'c', 'forgerock', uri), 400)
  assert.equal(await pushStatus(w, 'c', 'forgerock', 'https://b.example/cb'), 201)
  const changed = { [core]: { ...fresh[core], userpassword: 'another' } }
  assert.equal((await call('PUT', `${clients}/c`, changed)).status, 200)
  assert.notEqual(await pushStatus(w, 'c', 'forgerock', uri), 201)
  assert.equal(await pushStatus(w, 'c', 'another', uri), 201)
  const inactive = { [core]: { ...fresh[core], status: 'Inactive', userpassword: null } }
  assert.equal((await call('PUT', `${clients}/c`, inactive)).status, 200)
  assert.notEqual(await pushStatus(w, 'c', 'another', uri), 201)
})

test('P-11 a redirect URI that an administrator removes is gone for pushes that stand already', async () => {
  const { w, call } = await setup()
  const accepted = await push(w, pushForm())
  assert.equal(accepted.status, 201)
  const read = bodyOf(await call('GET', `${clients}/myClient`)) as JsonObject
  const put = { ...read, [core]: { ...(read[core] as JsonObject), redirectionUris: [] } }
  assert.equal((await call('PUT', `${clients}/myClient`, put)).status, 200)
  const uri = encodeURIComponent(bodyOf(accepted).request_uri as string)
  const opened = await w.serve(
    requestOf('GET', `${base}/authorize?client_id=myClient&request_uri=${uri}`),
  )
  assert.equal(opened.status, 400)
})

test('PingAM: rest-api-oauth2-client what is read can be put back as it is', async () => {
  const { call } = await setup()
  const before = bodyOf(await call('GET', `${clients}/myClient`))
  const put = await call('PUT', `${clients}/myClient`, before)
  assert.equal(put.status, 200)
  assert.deepEqual({ ...bodyOf(put), _rev: before._rev }, before)
})

test('PingAM: rest-api-oauth2-client values in lists are plain, with AM’s paging', async () => {
  const { call } = await setup()
  for (const id of ['a', 'b', 'c']) await call('PUT', `${clients}/${id}`, fresh)
  const all = bodyOf(await call('GET', `${clients}?_queryFilter=true`))
  const result = all.result as Record<string, Record<string, unknown>>[]
  assert.deepEqual(
    result.map(({ _id }) => _id as unknown),
    ['a', 'b', 'c', 'myClient', 'myPublicClient'],
  )
  assert.deepEqual(result[0]?.[core]?.redirectionUris, ['https://a.example/cb'])
  const { result: _, ...paging } = all
  assert.deepEqual(paging, {
    resultCount: 5,
    pagedResultsCookie: null,
    totalPagedResultsPolicy: 'EXACT',
    totalPagedResults: 5,
    remainingPagedResults: -1,
  })
  const page = bodyOf(await call('GET', `${clients}?_queryFilter=true&_pageSize=2&_fields=_id`))
  assert.deepEqual(
    (page.result as JsonObject[]).map((each) => [each._id, Object.keys(each)]),
    [
      ['a', ['_id', '_rev']],
      ['b', ['_id', '_rev']],
    ],
  )
  const cookie = page.pagedResultsCookie as string
  const next = bodyOf(
    await call('GET', `${clients}?_queryFilter=true&_pageSize=2&_pagedResultsCookie=${cookie}`),
  )
  assert.deepEqual(
    (next.result as JsonObject[]).map(({ _id }) => _id),
    ['c', 'myClient'],
  )
  const filter = encodeURIComponent('_id eq "b"')
  const one = bodyOf(await call('GET', `${clients}?_queryFilter=${filter}`))
  assert.equal(one.totalPagedResults, 1)
})

test('PingAM: rest-api-crest-query the greatest number a client knows asks for all there are', async () => {
  const { call } = await setup()
  for (const most of ['2147483647', '9223372036854775807']) {
    const all = await call('GET', `${clients}?_queryFilter=true&_pageSize=${most}`)
    assert.deepEqual([all.status, bodyOf(all).resultCount], [200, 2])
    const none = await call('GET', `${clients}?_queryFilter=true&_pagedResultsOffset=${most}`)
    assert.deepEqual([none.status, bodyOf(none).resultCount], [200, 0])
  }
})

test('PingAM: rest-api-crest-query queries that are not served are refused', async () => {
  const { call } = await setup()
  for (const query of [
    '_queryFilter=name+is+"x"',
    '_queryFilter=true&_pageSize=x',
    '_queryFilter=true&_pageSize=1&_pagedResultsOffset=1&_pagedResultsCookie=YQ',
    '_queryId=query-all',
  ]) {
    assert.equal((await call('GET', `${clients}?${query}`)).status, 400, query)
  }
})

test('RFC 9110 §13.1 If-Match and If-None-Match decide over a write', async () => {
  const { call } = await setup()
  const url = `${clients}/c`
  const status = async (method: string, headers: Record<string, string>): Promise<number> =>
    (await call(method, url, method === 'PUT' ? fresh : undefined, headers)).status
  assert.equal(await status('PUT', { 'if-match': '*' }), 404)
  assert.equal(await status('PUT', { 'if-none-match': '*' }), 201)
  assert.equal(await status('PUT', { 'if-none-match': '*' }), 412)
  const rev = String(bodyOf(await call('GET', url))._rev)
  assert.equal(await status('PUT', { 'if-match': '"0"' }), 412)
  assert.equal(await status('PUT', { 'if-match': `"${rev}"` }), 200)
  assert.equal(await status('PUT', { 'if-match': rev }), 412)
  assert.equal(await status('DELETE', { 'if-match': rev }), 412)
  const now = String(bodyOf(await call('GET', url))._rev)
  assert.equal(await status('DELETE', { 'if-match': now }), 200)
})

test('T-1 of many who count on one state one wins', async () => {
  const { call } = await setup()
  await call('PUT', `${clients}/c`, fresh)
  const rev = String(bodyOf(await call('GET', `${clients}/c`))._rev)
  const writes = Array.from({ length: 20 }, () =>
    call('PUT', `${clients}/c`, fresh, { 'if-match': rev }),
  )
  const outcomes = (await Promise.all(writes)).map(({ status }) => status)
  assert.equal(outcomes.filter((status) => status === 200).length, 1)
  assert.equal(outcomes.filter((status) => status === 412).length, 19)
})

test('PingAM: rest-api-oauth2-client a slip of an attribute’s name is named, and answered with the known ones', async () => {
  const { call } = await setup()
  const response = await call('PUT', `${clients}/c`, {
    [core]: { ...fresh[core], redirectionUri: 1 },
  })
  assert.equal(response.status, 400)
  const { message, detail } = bodyOf(response) as { message: string; detail: JsonObject }
  assert.equal(message, 'Invalid attribute specified.')
  const valid = detail.validAttributes as string[]
  for (const name of [
    'userpassword',
    'redirectionUris',
    'mTLSSubjectDN',
    'providerOverridesEnabled',
  ]) {
    assert.ok(valid.includes(name), name)
  }
  assert.deepEqual(detail.unknownAttributes, [`${core}.redirectionUri`])
  const many = Object.fromEntries(
    Array.from({ length: 500 }, (_, i) => [`${'x'.repeat(500)}${i}-encrypted`, 1]),
  )
  const bounded = bodyOf(await call('PUT', `${clients}/c`, { [core]: many })).detail as JsonObject
  assert.ok(JSON.stringify(bounded.unknownAttributes).length < 2500)
})

test('RFC 7591 §3.2.2 every refused value is told at once, and nothing is stored', async () => {
  const { call } = await setup()
  const response = await call('PUT', `${clients}/c`, {
    [core]: { redirectionUris: ['javascript:alert(1)'], status: 'Asleep', userpassword: 7 },
  })
  assert.equal(response.status, 400)
  const both = await call('PUT', `${clients}/c`, {
    [core]: { redirectionUris: ['javascript:alert(1)'], status: 'Asleep', userpassword: '' },
  })
  const { problems } = bodyOf(both).detail as { problems: string[] }
  assert.deepEqual(
    problems.map((problem) => problem.split(':')[0]),
    [`${core}.redirectionUris[0]`, `${core}.status`, `${core}.userpassword`],
  )
  assert.ok(!String(both.body).includes('alert'))
  assert.equal((await call('GET', `${clients}/c`)).status, 404)
})

test('C-27 no answer ever holds a secret or its hash', async () => {
  const { call } = await setup()
  const put = await call('PUT', `${clients}/c`, fresh)
  const list = await call('GET', `${clients}?_queryFilter=true`)
  const gone = await call('DELETE', `${clients}/c`)
  for (const { body } of [put, list, gone]) {
    for (const secret of ['forgerock"', 'mySecret', 'argon2', 'sha256', 'userpassword']) {
      assert.ok(!String(body).includes(secret), secret)
    }
  }
})

test('T-8 P-7 odd names are names like others, in their own realm only', async () => {
  const { w, call } = await setup()
  for (const id of ['__proto__', 'constructor', 'a/b', 'a%2Fb', 'x'.repeat(128), 'a b:c']) {
    const url = `${clients}/${encodeURIComponent(id)}`
    assert.equal((await call('PUT', url, fresh)).status, 201, id)
    assert.equal(bodyOf(await call('GET', url))._id, id)
    const bravo = `http://localhost:8080/am/json/realms/root/realms/bravo${url}`
    assert.equal((await call('GET', bravo)).status, 404)
    assert.equal((await call('DELETE', url)).status, 200)
  }
  for (const rest of ['%zz', 'a/b', '%ff', encodeURIComponent('ä'), 'x'.repeat(129), '%00', '..']) {
    const { status } = await call('PUT', `${clients}/${rest}`, fresh)
    assert.ok(status === 404 || status === 400, `${rest} ${status}`)
  }
  assert.equal((await w.settings.list('client/%2Falpha', 100)).keys.length, 2)
})

for (const body of ['', '[]', '{', '{"a":1,"a":2}', `{"a":${'['.repeat(50)}`, 'null', '"x"']) {
  test(`H-6 P-6 a body of ${JSON.stringify(body.slice(0, 20))} is no 5xx`, async () => {
    const { call } = await setup()
    const { status } = await call('PUT', `${clients}/c`, body)
    assert.ok(status === 400 || (body === '' && status === 201), String(status))
  })
}
