import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf, cookieOf, logIn, oauth2, open, pushParameters, visit } from '../party.ts'
import { trials } from '../scale.ts'
import { messageOf, type Wire } from '../wire.ts'
import { newLedger } from './ledger.ts'
import { load } from './load.ts'
import { recount } from './recount.ts'
import { type Started, start } from './restart.ts'

const rounds = trials(200)

let data: string
let running: Started
let cookie: string

before(async () => {
  data = await mkdtemp(join(tmpdir(), 'parapet-drain-'))
  running = await start(data)
  cookie = cookieOf(await logIn(running.w))
})

after(async () => {
  running?.w.close()
  await running?.server.stop()
  await rm(data, { recursive: true, force: true })
})

/** A push of which the server has the first half; `finish` sends the rest and gives the whole answer. */
async function halfPush(w: Wire): Promise<{ finish(): Promise<string> }> {
  const form = { client_id: open.client_id, ...pushParameters }
  const { headers, body } = messageOf(w.origin, { form })
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const socket = connect(w.port, '127.0.0.1').setEncoding('utf8')
  const half = body.length >> 1
  const expect = 'Expect: 100-continue\r\n'
  socket.write(`POST ${oauth2}/par HTTP/1.1\r\n${head.join('')}${expect}\r\n${body.slice(0, half)}`)
  assert.match(String(await once(socket, 'data')), /^HTTP\/1\.1 100 /)
  return {
    finish: () =>
      new Promise((resolve, reject) => {
        let text = ''
        socket.on('data', (part) => {
          text += String(part)
        })
        socket.on('error', reject)
        socket.on('close', () => resolve(text))
        socket.write(body.slice(half))
      }),
  }
}

test('SIGTERM: what was begun is finished, and the connection closed', async () => {
  const { server, w } = running
  const begun = await halfPush(w)
  const exit = server.stop()
  const isOpen = (): Promise<boolean> =>
    w.call('GET', '/am/json/health/live').then(
      () => true,
      () => false,
    )
  while (await isOpen()) await delay(10)
  const answer = await begun.finish()
  assert.match(answer, /^HTTP\/1\.1 201 /)
  assert.match(answer, /^connection: close\r$/im)
  assert.equal(await exit, 0)
  assert.deepEqual((await readdir(data)).sort(), [
    'parapet.key',
    'records.db',
    'records.mark',
    'settings.db',
    'settings.mark',
  ])
  running = await start(data)
  const { request_uri } = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))
  assert.ok(codeOf(await visit(running.w, open, request_uri, cookie)))
})

test(`SIGTERM under load, ${rounds} times: every answer is kept, exit code 0`, async (t) => {
  let flows = 0
  for (let round = 1; round <= rounds; round++) {
    const ledger = newLedger()
    const { over } = load(running.w, [open], cookie, ledger)
    const most = 50 + Math.random() * 250
    while (ledger.flows.length < most) await delay(5)
    assert.equal(await running.server.stop(), 0)
    await over
    running.w.close()
    running = await start(data)
    assert.deepEqual(ledger.wrong, [])
    const { done } = await recount(running.w, cookie, ledger)
    // Who got no answer was not let in: nothing was done in silence.
    assert.equal(done, 0)
    flows += ledger.flows.length
  }
  t.diagnostic(`${flows} flows`)
})
