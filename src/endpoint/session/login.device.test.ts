import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { actionOf, authIdOf, formBrowser } from '../../../test/form-browser.ts'
import type { People } from '../../../test/people.ts'
import { cookieValue, people, request } from '../../../test/people.ts'
import type { HttpResponse } from '../../base/http.ts'
import { OAuthError } from '../../protocol/error.ts'
import { tryAs } from '../../user/password.ts'
import { authenticate } from './authenticate.ts'
import { login } from './login.ts'

/**
 * So many wrong tries from everywhere that no more are checked for a while. They count like passwords, and are not hashed:
 * a hundred hashes take longer than any test may where others want the processor.
 */
async function flood({ alpha, demo }: People): Promise<void> {
  mock.timers.enable({ apis: ['setTimeout'] })
  const guess = (i: number) => {
    const trying = { username: 'demo', user: demo, peer: `10.0.${i}.1` }
    return tryAs(alpha, trying, 'wrong', async () => false)
  }
  await Promise.all(Array.from({ length: 100 }, (_, i) => guess(i)))
  mock.timers.runAll()
  mock.timers.reset()
}

/** Logs in at the page, with the cookies the browser has kept. */
async function atPage(world: People, jar: Map<string, string>, peer: string): Promise<number> {
  const endpoint = login(() => undefined)
  const browser = formBrowser((http) => endpoint.handle(world.alpha, http), '/am/XUI/', { peer })
  for (const [name, value] of jar) browser.jar.set(name, value)
  const page = await browser.get('realm=/alpha')
  const fields = { IDToken1: 'demo', IDToken2: 'Ch4ng31t', authId: authIdOf(page) }
  const done = await browser.post(actionOf(page), fields)
  const device = browser.jar.get('parapet-device')
  if (device !== undefined) jar.set('parapet-device', device)
  return done.status
}

/** Logs in by AM's two headers. */
async function byRest(world: People, jar: Map<string, string>, peer: string): Promise<number> {
  const headers: Record<string, string> = {
    'accept-api-version': 'resource=2.1',
    'x-openam-username': 'demo',
    'x-openam-password': 'Ch4ng31t',
  }
  const device = jar.get('parapet-device')
  if (device !== undefined) headers.cookie = `parapet-device=${device}`
  const http = request('POST', '/am/json/realms/root/realms/alpha/authenticate', headers, '', {
    peer,
  })
  try {
    const answer: HttpResponse = await authenticate.handle(world.alpha, http)
    jar.set('parapet-device', cookieValue(answer, 'parapet-device') ?? '')
    return answer.status
  } catch (error) {
    assert.ok(error instanceof OAuthError)
    return error.status
  }
}

const doors = [
  ['the page', atPage],
  ['REST', byRest],
] as const
for (const [first, before] of doors) {
  for (const [then, again] of doors) {
    test(`C-34 a browser that logged in by ${first} is known to ${then}, at whichever address`, async () => {
      const world = await people()
      const jar = new Map<string, string>()
      assert.ok((await before(world, jar, '192.0.2.1')) < 400)
      await flood(world)
      assert.equal(await again(world, new Map(), '192.0.2.9'), 429)
      assert.ok((await again(world, jar, '192.0.2.9')) < 400)
    })
  }
}
