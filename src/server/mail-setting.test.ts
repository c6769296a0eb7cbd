import assert from 'node:assert/strict'
import { tmpdir } from 'node:os'
import { test } from 'node:test'
import { readServerSettings } from './settings.ts'

const folder = tmpdir()

test('links in letters begin with no host that a request names: a proxy’s word for it needs a base URL beside', () => {
  const proxied = { PARAPET_TRUSTED_PROXIES: '10.0.0.1' }
  const ways = [
    { PARAPET_SMTP_URL: 'smtp://mail.example', PARAPET_MAIL_FROM: 'a@b.example' },
    { PARAPET_MAIL_DIRECTORY: folder },
  ]
  for (const way of ways) {
    const [problem, ...more] = readServerSettings({ ...proxied, ...way }).problems
    assert.match(String(problem), /^PARAPET_BASE_URL: needed where letters are sent/)
    assert.deepEqual(more, [])
    const based = { ...proxied, ...way, PARAPET_BASE_URL: 'https://as.example' }
    for (const good of [based, way, proxied])
      assert.deepEqual(readServerSettings(good).problems, [])
  }
})
