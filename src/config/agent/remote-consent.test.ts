import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { commandLine } from '../../../test/command-line.ts'
import { readRemoteConsentAgent, secretOf } from '../../client/remote-consent/agent.ts'
import type { Realm } from '../../realm/realm.ts'

const folder = mkdtempSync(join(tmpdir(), 'parapet-agent-'))
after(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

const secret = '4f9d0c7a61b84e2f93d5a0be7c18f6d2'
const document = (more: string): string => `
realms:
  - path: /shop
    remoteConsentAgents:
      - _id: rcs
        remoteConsentRedirectUrl: https://rcs.example/ask
        remoteConsentResponseSigningAlg: HS256
        remoteConsentRequestEncryptionEnabled: false
        agentgroup: bank
        ${more}
`

async function secretIn(realm: Realm): Promise<string | undefined> {
  const stored = await readRemoteConsentAgent(realm, 'rcs')
  assert.ok(stored)
  return secretOf(stored.record)
}

test('an agent stands in a document: its secret is kept where nothing is said of it, and goes along in no export but a sealed one', async () => {
  const from = await commandLine()
  const first = file('first.yaml', document(`userpassword: ${secret}`))
  const applied = await from.run('apply', first)
  assert.deepEqual([applied.status, applied.err], [0, ''])
  assert.match(applied.out, /agentgroup/, 'what is only kept is named')
  const second = file('second.yaml', document('requestTimeLimit: 60'))
  assert.equal((await from.run('apply', second)).status, 0)
  const realm = await from.w.realm('/shop')
  assert.equal(await secretIn(realm), secret)
  const open = await from.run('export', '--realm', '/shop')
  assert.match(open.out, /remoteConsentAgents:\n {6}- _id: rcs\n/)
  assert.doesNotMatch(open.out, new RegExp(secret))
  assert.equal((await from.run('apply', file('all.yaml', open.out))).out, 'nothing to change\n')
  const phrase = file('phrase', 'a passphrase for backups\n')
  const sealed = await from.run('export', '--realm', '/shop', '--secrets-passphrase-file', phrase)
  assert.doesNotMatch(sealed.out, new RegExp(secret))
  const to = await commandLine()
  const backup = file('backup.yaml', sealed.out)
  const back = await to.run('apply', backup, '--secrets-passphrase-file', phrase)
  assert.deepEqual([back.status, back.err], [0, ''], back.out)
  assert.equal(await secretIn(await to.w.realm('/shop')), secret)
})

test('the command of the kind lists, shows and removes agents', async () => {
  const { run } = await commandLine()
  await run('apply', file('third.yaml', document(`userpassword: ${secret}`)))
  assert.match((await run('remote-consent-agent', 'list', '--realm', '/shop')).out, /rcs/)
  const shown = await run('remote-consent-agent', 'show', 'rcs', '--realm', '/shop')
  assert.match(shown.out, /rcs\.example/)
  assert.doesNotMatch(shown.out, new RegExp(secret))
  const gone = await run('remote-consent-agent', 'remove', 'rcs', '--realm', '/shop')
  assert.equal(gone.status, 0, gone.err)
  assert.doesNotMatch((await run('remote-consent-agent', 'list', '--realm', '/shop')).out, /rcs/)
})
