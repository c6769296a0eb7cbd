import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { demoAddresses } from '../src/demo/seed.ts'
import { compliance } from '../src/history/breaches/compliance.ts'
import type { Realm } from '../src/realm/realm.ts'
import { readServerSettings } from '../src/server/settings.ts'
import { type Running, start } from '../src/start.ts'
import { amendIn } from './amend.ts'
import { shortly } from './counted.ts'

async function alphaOf({ realms }: Running): Promise<Realm> {
  return (await realms.find({ path: '/alpha', url: '', issuer: '' })) ?? assert.fail('no realm')
}

async function pushWithoutChallenge({ origin }: Running): Promise<void> {
  const body = new URLSearchParams({
    ...{ client_id: 'myPublicClient', response_type: 'code', scope: 'openid' },
    redirect_uri: demoAddresses(origin).callback,
  })
  const url = `${origin}/am/oauth2/realms/root/realms/alpha/par`
  const answer = await fetch(url, { method: 'POST', body })
  assert.equal(answer.status, 201, await answer.text())
}

test('C-31 a server counts, and one that is started again goes on with what was counted', async () => {
  const data = await mkdtemp(join(tmpdir(), 'parapet-breaches-'))
  const { settings } = readServerSettings({ PORT: '0', PARAPET_DATA: data })
  try {
    for (const count of [1, 2]) {
      const server = await start(settings ?? assert.fail(), 'here')
      try {
        const alpha = await alphaOf(server)
        const watched = { parapetClientConfig: { observedRequirements: ['require_challenge'] } }
        await amendIn(alpha, 'myPublicClient', watched)
        await pushWithoutChallenge(server)
        if (count === 1) continue
        const { entries } = await compliance(alpha)
        assert.deepEqual(shortly(entries), [
          `myPublicClient require_challenge code-challenge-missing ${count}`,
        ])
      } finally {
        await server.stop()
      }
    }
  } finally {
    await rm(data, { recursive: true, force: true })
  }
})
