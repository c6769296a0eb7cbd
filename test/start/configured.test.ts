import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { adminPassword, startServer } from '../server.ts'
import { directory } from './refused.ts'

test('house: what PARAPET_CONFIG names is set before a server serves, its administrator among it, and refused whole where something is wrong', async (t) => {
  const data = await directory(t)
  const config = join(data, 'parapet.yaml')
  const text = `
logFormat: json
realms:
  - path: /
    users: [{ username: amadmin, userpassword: '\${env:FIRST}', roles: [admin] }]
  - path: /shop
`
  await writeFile(config, text)
  const env = { PARAPET_CONFIG: config, FIRST: adminPassword, PARAPET_ADMIN_PASSWORD: '' }
  const server = await startServer({ demo: false, data, env })
  t.after(() => server.stop())
  const discovery = '/am/oauth2/realms/root/realms/shop/.well-known/openid-configuration'
  assert.equal((await fetch(server.origin + discovery)).status, 200)
  const login = await fetch(`${server.origin}/am/json/realms/root/authenticate`, {
    method: 'POST',
    headers: {
      'accept-api-version': 'resource=2.1, protocol=1.0',
      'x-openam-username': 'amadmin',
      'x-openam-password': adminPassword,
    },
  })
  assert.equal(login.status, 200)
  await writeFile(config, text.replace('/shop', 'shop').replace('amadmin', '""'))
  await assert.rejects(
    startServer({ demo: false, data, env }),
    /cannot be set:\n {2}\S+parapet\.yaml: realms\[0\]\.users\[0\].*\n {2}\S+parapet\.yaml: realms\[1\]\.path/,
  )
})
