/** Everything a flow needs: a server with the demo's realms, a browser, a redirection endpoint, an administrator. */
import assert from 'node:assert/strict'
import type { Browser } from 'playwright-core'
import { launchShell } from '../chromium.ts'
import { type RunningServer, startServer } from '../server.ts'
import { type AdminRest, adminRest } from './admin-rest.ts'
import { type Register, registrar } from './registration.ts'
import { type RelyingParty, relyingParty } from './relying-party.ts'

export interface Stage {
  readonly server: RunningServer
  readonly browser: Browser
  readonly party: RelyingParty
  readonly admin: AdminRest
  readonly register: Register
  close(): Promise<unknown>
}

export async function openStage(): Promise<Stage> {
  const opened: (() => Promise<unknown>)[] = []
  const close = () => Promise.all(opened.splice(0).map((end) => end()))
  try {
    const party = await relyingParty()
    opened.push(() => party.close())
    const server = await startServer({ demo: true })
    opened.push(async () => {
      await server.stop()
      assert.deepEqual(server.alarms, [])
    })
    const browser = await launchShell()
    opened.push(() => browser.close())
    const admin = await adminRest(server)
    return { server, browser, party, admin, register: registrar(admin, party), close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Issuer of a realm: `alpha`. */
export function issuerOf({ server }: Stage, realm: string): URL {
  return new URL(`${server.origin}/am/oauth2/realms/root/realms/${realm}`)
}
