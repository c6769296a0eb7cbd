import assert from 'node:assert/strict'
import { PassThrough, Readable } from 'node:stream'
import { test } from 'node:test'
import { asker } from './ask.ts'

test('house: from a pipe each answer is the next line, and no question is put', async () => {
  const output = new PassThrough()
  const ask = asker(Readable.from(['one\r\ntw', 'o\n\nfour']), output)
  for (const answer of ['one', 'two', '', 'four', undefined, undefined])
    assert.equal(await ask('What? ', true), answer)
  assert.equal(output.read(), null)
})

test('house: on a terminal a hidden answer is not shown, another one is', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => input })
  const output = new PassThrough()
  const ask = asker(input, output)
  const hidden = ask('Password: ', true)
  input.write('secret\r')
  assert.equal(await hidden, 'secret')
  assert.equal(String(output.read()), 'Password: \n')
  const shown = ask('Name: ', false)
  input.write('ann\r')
  assert.equal(await shown, 'ann')
  assert.match(String(output.read()), /^Name: .*a.*n.*n/s)
})
