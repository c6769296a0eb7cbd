import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { type Breaching, breaching, registerBreaching } from '../../../../test/breaches.ts'
import { commandLine } from '../../../../test/command-line.ts'
import { counterOf } from '../../../../test/counted.ts'

const { w, run: line } = await commandLine()
const counter = counterOf(w)
after(() => counter.stop())

const run = async (
  ...args: readonly string[]
): Promise<readonly [status: number, said: string]> => {
  const { status, out, err } = await line('compliance', '--realm', '/alpha', ...args)
  return [status, out + err]
}

test('C-31 the command says that nothing would be refused, or whom by what, in lines of 80 columns', async () => {
  assert.deepEqual(await run(), [0, 'nothing that was let through would be refused\n'])
  const client_id = 'a-client-whose-id-is-as-long-as-somebody-else-made-it'
  for (const [name, row] of Object.entries<Breaching>(breaching)) {
    await registerBreaching(w, client_id, row, [name])
    await w.serve(await row.request(w, client_id))
  }
  await registerBreaching(w, 'other', breaching.require_signed, ['require_signed'])
  await w.serve(await breaching.require_signed.request(w, 'other'))
  const [status, said] = await run()
  assert.equal(status, 0)
  for (const line of said.split('\n')) assert.ok(line.length <= 80, line)
  assert.ok(
    said.startsWith(`${client_id}:\n  assertion_algorithms: 1 request, no longer watched\n`),
    said,
  )
  assert.match(said, /\nother:\n {2}require_signed: 1 request\n {4}The client must send a signed/)
  assert.match(
    said,
    /\n {4}since 2027-01-15T08:00:00Z\n {4}last {2}2027-01-15T08:00:00Z at \/par\n/,
  )
  assert.match(said, /\n\n2 clients with requests that would be refused\n$/)
})

test('C-31 the command lists one client, prints JSON, forgets, and says what is no realm', async () => {
  const [, text] = await run('other', '--json')
  const entries = JSON.parse(text) as readonly { requirement: string; count: number }[]
  assert.deepEqual(
    entries.map(({ requirement, count }) => [requirement, count]),
    [['require_signed', 1]],
  )
  assert.deepEqual(await run('other', '--reset'), [0, 'forgotten: what was counted of 1 client\n'])
  assert.deepEqual(await run('other', '--json'), [0, '[]\n'])
  assert.deepEqual(await run('--reset'), [0, 'forgotten: what was counted of 1 client\n'])
  const [status, complaint] = await run('--realm', '/nowhere')
  assert.equal(status, 1)
  assert.match(complaint, /there is no realm \/nowhere/)
})
