import assert from 'node:assert/strict'
import { test } from 'node:test'
import { visibleText } from '../../../test/html-tree.ts'
import { origin, requestOf, world } from '../../../test/world.ts'
import { createRealm } from '../../realm/realms.ts'

test('house: the address alone tells what discovery does, in the person’s language, and of no other realm', async () => {
  const { serve } = await world()
  for (const [language, words] of [
    ['de-AT', /Hier melden Sie sich an/],
    ['fr', /This is where you log in/],
  ] as const) {
    const asked = requestOf('GET', `${origin}/`, { headers: { 'accept-language': language } })
    const answer = await serve(asked)
    const page = String(answer.body)
    assert.equal(answer.status, 200)
    assert.match(String(answer.headers['content-security-policy']), /default-src 'none'/)
    assert.match(visibleText(page), words)
    assert.match(page, new RegExp(`<code id="issuer">${origin}/am/oauth2</code>`))
    assert.doesNotMatch(page, /alpha|bravo/)
  }
})

test('house: what the page at the address alone leads to is there', async () => {
  const { serve } = await world()
  const page = String((await serve(requestOf('GET', `${origin}/`))).body)
  const discovery = /id="discovery" href="([^"]+)"/.exec(page)?.[1] ?? ''
  const metadata = JSON.parse(String((await serve(requestOf('GET', discovery))).body))
  assert.equal(metadata.issuer, `${origin}/am/oauth2`)
  const account = /id="account" href="([^"]+)"/.exec(page)?.[1] ?? ''
  const led = await serve(requestOf('GET', account))
  assert.equal(led.status, 302)
})

test('C-19 a host name that means a realm shows that realm at its address alone', async () => {
  const { serve, settings } = await world()
  await createRealm(settings, { path: '/shop', aliases: ['shop.example'], document: {} })
  const page = String(
    (await serve({ ...requestOf('GET', '/'), origin: 'https://shop.example' })).body,
  )
  assert.match(page, /<code id="issuer">https:\/\/shop\.example\/am\/oauth2<\/code>/)
  assert.match(page, /account\?realm=%2Fshop"/)
})
