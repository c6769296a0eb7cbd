import assert from 'node:assert/strict'
import { test } from 'node:test'
import { altered } from '../../../test/altered.ts'
import { answerTo, call, chosen, pushed } from '../../../test/demo-peer.ts'
import { byId, visibleText } from '../../../test/html-tree.ts'

const told = {
  state: 'pushed',
  steps: [
    { at: null, step: 'pushed' },
    { at: '2027-01-15T08:00:00.000Z', step: '<b>', request: 'r1', endpoint: '/x', status: 400 },
  ],
  stopped: { at: '2027-01-15T08:00:00.000Z', error: 'e', says: '<i>', section: null },
  left_out: 2,
}

test('C-33 what became of a push is asked in a body, by its client, for what this browser’s cookie holds', async () => {
  const { peer, realm, cookie } = await pushed()
  peer.told = told
  const answer = await call(realm, 'GET', '/demo/history', 'request_uri=other', cookie)
  assert.deepEqual(peer.asked, [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }])
  const headers = peer.headers.get('explain')
  assert.equal(headers?.get('authorization'), peer.headers.get('/par')?.get('authorization'))
  assert.equal(headers?.get('content-type'), 'application/json')
  const page = String(answer.body)
  for (const part of [
    ...['at a time not known', '<li data-step="&lt;b&gt;">&lt;b&gt;', 'request <code>r1</code>'],
    ...[
      '<dt>stopped by</dt><dd>e</dd>',
      '<dt>why</dt><dd>&lt;i&gt;</dd>',
      '2 requests of this day',
    ],
  ])
    assert.ok(page.includes(part), part)
  assert.equal(page.includes('<dt>section</dt>'), false)
})

test('what became of a push is asked for nobody whose cookie does not say which', async () => {
  const { peer, realm, cookie } = await pushed()
  for (const sent of [undefined, altered(cookie, -2)]) {
    const answer = await call(realm, 'GET', '/demo/history', '', sent)
    assert.ok(visibleText(String(answer.body)).includes('no request under way'))
  }
  assert.deepEqual(peer.asked, [])
})

test('C-33 a public client asks nothing, and the page names the command that tells', async () => {
  const { peer, realm, cookie } = await pushed(chosen.replace('myClient', 'myPublicClient'))
  const answer = await call(realm, 'GET', '/demo/history', '', cookie)
  assert.ok(visibleText(String(answer.body)).includes('parapet explain --realm /alpha'))
  assert.deepEqual(peer.asked, [])
})

test('the end of a flow tells what became of it, and is none the worse where the server does not', async () => {
  for (const [given, says] of [
    [told, 'Its state is pushed'],
    [undefined, 'The server did not tell'],
    [{ steps: 'x' }, 'The server did not tell'],
  ] as const) {
    const { peer, realm, cookie } = await pushed()
    peer.told = given
    const end = await call(realm, 'GET', '/demo/callback', answerTo(peer), cookie)
    assert.ok(visibleText(String(end.body)).includes(says))
    assert.equal(byId(String(end.body), 'result')?.attributes.get('class'), 'notice')
  }
})
