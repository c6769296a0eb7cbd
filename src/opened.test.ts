import assert from 'node:assert/strict'
import { test } from 'node:test'
import { advised } from './opened.ts'

test('house: a store in somebody else’s directory says which setting names another one', () => {
  const refused = (code: string): Error =>
    Object.assign(new Error(`${code}: mkdir 'data'`), { code })
  for (const code of ['EACCES', 'EPERM', 'EROFS'])
    assert.match(
      (advised(refused(code)) as Error).message,
      /: mkdir 'data': a store needs a directory that this user may read and write, in PARAPET_DATA$/,
    )
  const nowhere = Object.assign(refused('ENOENT'), { syscall: 'mkdir' })
  assert.match((advised(nowhere) as Error).message, /, in PARAPET_DATA$/)
  for (const other of [refused('ENOSPC'), refused('ENOENT')]) assert.equal(advised(other), other)
})
