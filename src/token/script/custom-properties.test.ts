import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cpuTime } from '../../../test/cpu.ts'
import { customProperties } from './custom-properties.ts'

test('PingAM: custom properties are texts by their keys, or maps of texts; what is neither means nothing', () => {
  const lines = [
    ...['tier=gold', ' note = a = b ', 'limits[day]=5', ' limits[hour] = 1', 'list[0]=x'],
    ...['tier=silver', 'nothing', '=none', '[0]=none', 'a[b=c]=d', 'a[b]c=d', 'empty=', ' '],
    ...['__proto__=own', 'both=text', 'both[map]=1', 'was[map]=1', 'was=text'],
  ]
  const found = customProperties(lines)
  assert.deepEqual(JSON.parse(JSON.stringify(found)), {
    ...{ tier: 'silver', note: 'a = b', limits: { day: '5', hour: '1' } },
    ...{ list: { 0: 'x' }, empty: '', both: { map: '1' }, was: 'text', ['__proto__']: 'own' },
  })
})

test('house: a line of spaces takes no longer than any other', async () => {
  const lines = [' '.repeat(2000), `a${' '.repeat(2000)}b`, `a[${' '.repeat(2000)}`]
  assert.ok((await cpuTime(() => customProperties(lines))) < 100)
})
