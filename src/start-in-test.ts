import { base64url } from './base/bytes.ts'
import { getText } from './base/fetch/get-text.ts'
import { random } from './base/random.ts'
import { realmOfQuery } from './realm/locate.ts'
import { fullPath } from './realm/tree.ts'
import { readServerSettings, type Settings } from './server/settings.ts'
import { createSession } from './session/session.ts'
import { type Running, type Surroundings, start } from './start.ts'
import { emptyStore } from './store/index.ts'
import { within } from './testing/call.ts'
import { type TestClock, testClock } from './testing/clock.ts'
import { fill, firstRealm, handIn, partOf } from './testing/document.ts'
import type { Faults } from './testing/faults.ts'
import { faultsOf } from './testing/faults.ts'
import type { History } from './testing/history.ts'
import { historyOf } from './testing/history.ts'
import type { LoggedIn, Parapet, ParapetOptions } from './testing.ts'
import { findByUsername } from './user/end-user.ts'

/** What `startParapet` of `parapet/testing` loads and calls: the server with other clocks, and something before its store. */
export async function startInTest(options: ParapetOptions): Promise<Parapet> {
  const part = await partOf(options.config ?? {})
  const clock = testClock(options.clock)
  const faults = faultsOf()
  const history = historyOf(clock.wall)
  const running = await start(settingsOf(options), 'none', surroundings(clock, faults, history))
  try {
    await fill(running.world, part, options.env ?? {})
    await handIn(running.world, options.keys ?? [])
  } catch (error) {
    await running.stop(0)
    throw error
  }
  const first = firstRealm(part) ?? '/alpha'
  const { origin } = running
  let stopped: Promise<void> | undefined
  return {
    origin,
    issuer: (realm = first) => `${origin}/am/oauth2${fullPath(pathOf(realm))}`,
    clock: { now: clock.wall, forward: (seconds) => clock.forward(seconds) },
    pushes: () => history.pushes(),
    logIn: (username, realm = first) => logIn(running, username, pathOf(realm)),
    fail: (fault, times = 1, path = '') => faults.fail(fault, times, path),
    stop() {
      stopped ??= running.stop(0)
      return stopped
    },
  }
}

/** The machine as the test has it, and the places where it looks on. */
function surroundings(clock: TestClock, faults: Faults, history: History): Partial<Surroundings> {
  return {
    wall: clock.wall,
    counted: clock.counted,
    hashCost: cheap,
    // What a test publishes is on this machine, where no other server may be asked.
    getText: faults.getText((url, limits) => getText(url, { ...limits, privateAddresses: true })),
    stores: (opened) => ({
      ...opened,
      settings: faults.store(opened.settings),
      records: history.records(faults.store(opened.records)),
    }),
    serve: (serve) => (http) => {
      const call = { http, failing: new Set<string>() }
      return within(call, async () => {
        const response = await serve(http)
        history.answered(call, response)
        return faults.answer(response)
      })
    },
  }
}

/** Nobody has to be kept from guessing what stands in a test. */
const cheap = { memoryCost: 8, timeCost: 1 }

function settingsOf({ adminPassword, port = 0 }: ParapetOptions): Settings {
  const { settings, problems } = readServerSettings({
    HOST: '127.0.0.1',
    PORT: String(port),
    PARAPET_STORE: emptyStore,
    PARAPET_ADMIN_PASSWORD: adminPassword ?? base64url(random(15)),
  })
  if (settings === undefined) throw new Error(problems.join('\n'))
  return settings
}

function pathOf(realm: string): string {
  const path = realmOfQuery(realm)
  if (path === undefined) throw new Error(`${realm} is no path of a realm, such as /alpha`)
  return path
}

async function logIn(
  { origin, realms }: Running,
  username: string,
  path: string,
): Promise<LoggedIn> {
  const realm = await realms.find({ path, url: `${origin}/am`, issuer: '' })
  if (realm === undefined) throw new Error(`there is no realm ${path}`)
  const user = await findByUsername(realm, username)
  if (user?.status !== 'Active') throw new Error(`${path} has no active user ${username}`)
  const { token } = await createSession(realm, user, realm.provider.defaultJourney)
  const name = realm.provider.cookieName
  return { cookie: { name, value: token, url: origin }, header: `${name}=${token}` }
}
