import assert from 'node:assert/strict'
import { failure, success } from '../src/journey/built-in/journey.ts'
import { touchRealm } from '../src/realm/touch.ts'
import type { Browser } from './browser.ts'
import { browser } from './browser.ts'
import { tree, withTrees } from './trees.ts'
import type { World } from './world.ts'
import { bodyOf, origin } from './world.ts'

const asked = ['UsernameCollectorNode', 'PasswordCollectorNode']
/** A journey that lets whoever has a persistent cookie in unasked, and gives one to whoever proves a password. */
export const remembers = {
  known: { type: 'PersistentCookieDecisionNode', to: { true: success, false: 'page' } },
  page: {
    type: 'PageNode',
    settings: { nodes: asked.map((nodeType, i) => ({ _id: `asked${i}`, nodeType })) },
    to: { outcome: 'check' },
  },
  ...Object.fromEntries(asked.map((type, i) => [`asked${i}`, { type, to: {} }])),
  check: { type: 'DataStoreDecisionNode', to: { true: 'set', false: failure } },
  set: { type: 'SetPersistentCookieNode', to: { outcome: success } },
}
const greets = {
  hello: { type: 'MessageNode', to: { true: 'known', false: failure } },
  ...remembers,
}

/** Adds journeys that let whoever has a persistent cookie in unasked: `Remembers` at once, `Greets` after a message. */
export async function withRemembering(w: World): Promise<void> {
  await withTrees(await w.realm(), { Remembers: tree(remembers), Greets: tree(greets) })
  await touchRealm(w.settings, '/alpha')
}

const rest = { 'accept-api-version': 'resource=2.1', 'content-type': 'application/json' }
export const right = { IDToken1: 'demo', IDToken2: 'Ch4ng31t' }

/** A call of AM's JSON endpoint. */
export async function call(b: Browser, query: string, step?: object) {
  const url = `${origin}/am/json/realms/root/realms/alpha/authenticate?${query}`
  return bodyOf(await b.post(url, step === undefined ? '' : JSON.stringify(step), rest))
}

/** The query that asks for a journey. */
export const of = (journey: string, more = ''): string =>
  `authIndexType=service&authIndexValue=${journey}${more}`

/** A step with its fields filled in. */
export function filled(step: Record<string, unknown>, values: readonly unknown[]): object {
  const callbacks = step.callbacks as readonly { readonly input?: readonly object[] }[]
  let at = 0
  const fill = (input: object) => ({ ...input, value: values[at++] })
  return {
    ...step,
    callbacks: callbacks.map((each) => ({ ...each, input: each.input?.map(fill) })),
  }
}

/** A browser that has nothing left of a login but its persistent cookie; and the session that it had. */
export async function remembered(w: World): Promise<Browser & { readonly before: string }> {
  const b = browser(w)
  const step = await call(b, of('Remembers'))
  const { tokenId } = await call(b, '', filled(step, Object.values(right)))
  assert.ok(tokenId !== undefined && b.cookies.has('session-jwt'))
  b.cookies.delete('iPlanetDirectoryPro')
  return { ...b, before: String(tokenId) }
}
