import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { commandLine } from '../../../../test/command-line.ts'
import { recorderOf } from '../../../../test/history.ts'
import { pushed } from '../../../../test/world.ts'

const { w, run: line, answers } = await commandLine()
const recorder = recorderOf(w)
after(() => recorder.stop())

const run = async (
  answer: string,
  ...args: readonly string[]
): Promise<readonly [status: number, said: string]> => {
  answers.splice(0, answers.length, answer)
  const { status, out, err } = await line('explain', '--realm', '/alpha', ...args)
  return [status, out + err]
}

test('C-33 the command takes a reference from standard input, and none as an argument', async () => {
  const request_uri = await pushed(w)
  const [status, said] = await run(`${request_uri}\n`)
  assert.equal(status, 0, said)
  assert.match(
    said,
    /^client myClient, pushed\n2027-01-15T08:00:00\.000Z {2}The request was validated/,
  )
  const [asJson, text] = await run(request_uri, '-', '--json')
  assert.deepEqual([asJson, JSON.parse(text).state], [0, 'pushed'])
  const [refused, complaint] = await run('', request_uri)
  assert.equal(refused, 2)
  assert.equal(complaint.includes(request_uri), false)
})

test('the command says what is not known, and what is no realm', async () => {
  const [unknown, said] = await run('nothing-of-that-name')
  assert.equal(unknown, 1)
  assert.match(said, /^nothing of that is known in \/alpha: it is of another realm \(--realm\), /)
  const [status] = await run('x', '--realm', '/nowhere')
  assert.equal(status, 1)
  const [nothing, complaint] = await run('\n')
  assert.equal(nothing, 2)
  assert.match(complaint, /nothing was given; type or pipe a request_uri, code, token/)
})
