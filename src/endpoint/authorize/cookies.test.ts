import assert from 'node:assert/strict'
import { test } from 'node:test'
import { browser } from '../../../test/browser.ts'
import {
  answerConsent,
  authorizeUrl,
  codeOf,
  isConsentPage,
  isLogin,
  logInAndReturn,
  slimUrl,
} from '../../../test/flow.ts'
import { setCookies } from '../../../test/people.ts'
import { pushed, pushForm, requestOf, world } from '../../../test/world.ts'
import type { HttpResponse } from '../../base/http.ts'

const w = await world()

const isInteraction = (name: string): boolean => /^parapet-[\w-]{12}$/.test(name)

function maxAge(response: HttpResponse): number {
  const [line] = [...setCookies(response)].filter(([name]) => isInteraction(name)).map(([, l]) => l)
  return Number(/; Max-Age=(\d+)$/.exec(line ?? '')?.[1])
}

test('C-2d the cookie of an interaction lasts as long as the interaction, whichever way it came', async () => {
  const b = browser(w)
  const request_uri = await pushed(w)
  const urls = [slimUrl(request_uri), authorizeUrl({ ...pushForm(), client_id: 'myClient' })]
  for (const url of urls) assert.equal(maxAge(await b.get(url)), 1800)
  w.clock.now += 600
  for (const url of urls) assert.equal(maxAge(await b.get(url)), 1200)
  // Set back by an hour: it is not kept for longer than it may take.
  w.clock.now -= 3600
  for (const url of urls) assert.ok(maxAge(await b.get(url)) <= 1800)
})

test('C-2d of logins that are left a browser keeps the newest 16, and every one of those works', async () => {
  const b = browser(w)
  const opened: string[] = []
  for (let i = 0; i < 40; i++) {
    w.clock.now++
    opened.push(slimUrl(await pushed(w)))
    const left = await b.get(opened.at(-1) as string)
    assert.ok(isLogin(left))
    const kept = [...b.cookies.keys()].filter(isInteraction)
    assert.equal(kept.length, Math.min(i + 1, 16))
  }
  w.clock.now += 300
  assert.equal((await b.get(opened[23] as string)).status, 400)
  for (const url of opened.slice(24)) assert.ok(isLogin(await b.get(url)))
  const consent = await logInAndReturn(b, await b.get(opened[24] as string))
  assert.ok(isConsentPage(consent))
  assert.ok(codeOf(await answerConsent(b, consent)) !== '')
})

test('C-2d a browser that holds 180 of them is rid of them in a few visits, at most 32 in one', async () => {
  const old = (_: unknown, i: number): [string, string] => [
    `parapet-${String(i).padStart(12, '0')}`,
    `n.${(w.clock.now - 5000 + i).toString(36)}.s.m`,
  ]
  const b = browser(w)
  b.cookies.set('parapet-login', 'kept')
  b.cookies.set('parapet-000000000xyz', 'nonsense')
  for (const [name, value] of Array.from({ length: 180 }, old)) b.cookies.set(name, value)
  const counts: number[] = []
  for (let i = 0; i < 8; i++) {
    const before = b.cookies.size
    await b.get(slimUrl(await pushed(w)))
    assert.ok(before - b.cookies.size <= 32)
    counts.push([...b.cookies.keys()].filter(isInteraction).length)
  }
  assert.deepEqual(counts.slice(-2), [16, 16])
  assert.ok(b.cookies.has('parapet-login'))
  assert.equal(b.cookies.has('parapet-000000000xyz'), false)
})

test('C-2d on https the cookie that ends one has the attributes its name wants', async () => {
  const cookie = Array.from(
    { length: 16 },
    (_, i) => `__Host-parapet-${String(i).padStart(12, '0')}=n.${i}.s.m`,
  ).join('; ')
  const http = requestOf('GET', slimUrl(await pushed(w)), { cookie })
  const lines = setCookies(await w.serve({ ...http, origin: 'https://as.example' }))
  assert.equal(
    lines.get('__Host-parapet-000000000000'),
    '__Host-parapet-000000000000=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0',
  )
})
