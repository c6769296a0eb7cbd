import assert from 'node:assert/strict'
import { mkdtempSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withEvents } from '../../../test/events.ts'
import { hostsIn, mostOfHosts, readHosts } from './hosts.ts'

test('hosts(5): names by line, comments and malformed lines passed over', () => {
  const text = [
    '127.0.0.1\tlocalhost  Other # rp.test',
    '# 10.0.0.1 commented',
    '::1 localhost',
    '999.0.0.1 wrong',
    '',
    '10.0.0.2 rp.test\r',
    '127.0.0.1 localhost',
  ].join('\n')
  assert.deepEqual(Object.fromEntries(readHosts(text)), {
    localhost: ['127.0.0.1', '::1'],
    other: ['127.0.0.1'],
    'rp.test': ['10.0.0.2'],
  })
})

test('hosts(5): a file is read when it has changed, and one that is too long lists nothing, told once', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'parapet-hosts-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'hosts')
  const hosts = hostsIn(file)
  assert.equal(hosts().size, 0, 'without a file')
  writeFileSync(file, '10.0.0.1 a.test\n')
  assert.deepEqual(hosts().get('a.test'), ['10.0.0.1'])
  assert.equal(hosts(), hosts(), 'it is not read twice')
  // Another file in its place, of the same size and time.
  const other = join(folder, 'other')
  writeFileSync(other, '10.0.0.2 a.test\n')
  for (const each of [file, other]) utimesSync(each, 1, 1)
  hosts()
  renameSync(other, file)
  assert.deepEqual(hosts().get('a.test'), ['10.0.0.2'])
  truncateSync(file, mostOfHosts + 1)
  const { events } = await withEvents(async () => {
    assert.equal(hosts().size, 0)
    assert.equal(hosts().size, 0)
  })
  assert.deepEqual(
    events.map(({ name, fields }) => [name, fields.reason]),
    [['hosts.not_read', `has more than ${mostOfHosts} bytes`]],
  )
  writeFileSync(file, '10.0.0.3 a.test\n')
  assert.deepEqual(hosts().get('a.test'), ['10.0.0.3'])
})
