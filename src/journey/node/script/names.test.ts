import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../../test/people.ts'
import { endingIn, scripting, valued } from '../../../../test/scripts.ts'

const { alpha, demo } = await people()
const realm = scripting(alpha, {}, valued)
const ends = endingIn(realm)

/** Members that every object has. */
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf']

/** What says `true` of a name that nobody has set, and of one that was set to `x`. */
const ways: [what: string, version: '1.0' | '2.0', source: string][] = [
  ['nodeState', '2.0', 'nodeState.get(n) === null && !nodeState.isDefined(n)'],
  ['nodeState.getObject', '2.0', 'nodeState.getObject(n) === null'],
  [
    'what is put into nodeState',
    '2.0',
    'nodeState.putShared(n, "x") && nodeState.get(n) === "x" && nodeState.keys().includes(n) && nodeState.remove(n).get(n) === null',
  ],
  [
    'what is merged into nodeState',
    '2.0',
    'nodeState.mergeTransient({ [n]: { a: 1 } }) && nodeState.getObject(n).get("a") === 1',
  ],
  ['nodeState of older scripts', '1.0', 'nodeState.get(n) === null'],
  [
    'sharedState',
    '1.0',
    'sharedState.get(n) === null && sharedState.put(n, "x") === null && sharedState.get(n) === "x" && sharedState.remove(n) === "x" && sharedState.get(n) === null',
  ],
  [
    'putAll of a map',
    '1.0',
    'transientState.putAll(({ [n]: "x" })) === undefined && transientState.get(n) === "x"',
  ],
  ['requestHeaders', '2.0', 'requestHeaders.get(n) === null && !requestHeaders.containsKey(n)'],
  ['requestParameters', '2.0', 'requestParameters.get(n) === null'],
  ['requestCookies', '1.0', 'requestCookies.get(n) === null'],
  ['getOrDefault', '2.0', 'requestParameters.getOrDefault(n, 5) === 5'],
  ['systemEnv', '2.0', 'systemEnv.getProperty(n, "usual") === "usual"'],
  [
    'secrets',
    '2.0',
    '(() => { try { secrets.getGenericSecret(n) } catch (e) { return e.message.includes("The secret " + n + " is not there") } })()',
  ],
  ['attributes', '2.0', 'who.getAttributeValues(n).length === 0'],
  [
    'attributes that are set',
    '2.0',
    'who.setAttribute(n, ["x"]) === undefined && String(who.getAttributeValues(n)) === "x"',
  ],
  [
    'attributes that are added',
    '2.0',
    'who.addAttribute(n, "x") === undefined && who.addAttribute(n, "y") === undefined && String(who.getAttributeValues(n)) === "x,y"',
  ],
  ['attributes of older scripts', '1.0', 'idRepository.getAttribute(demo, n).isEmpty()'],
  [
    'headers of a request',
    '1.0',
    '(() => { const h = new org.forgerock.http.protocol.Request().getHeaders(); const none = h.get(n) === null && h.getFirst(n) === null; h.add(n, "x"); return none && h.getFirst(n) === "x" })()',
  ],
]
for (const [what, version, source] of ways)
  test(`scripts: ${what} knows no name but those that were given, and every one that is`, async () => {
    for (const n of names) {
      const who = version === '2.0' ? 'var who = idRepository.getIdentity(demo);' : ''
      const at = `var n = ${JSON.stringify(n)}, demo = "${demo.sub}"; ${who}`
      const end = await ends(`${at} var outcome = String(${source})`, version)
      assert.deepEqual([end.reason, end.kind], [undefined, 'success'], n)
    }
  })

test('scripts: what is kept of the state, of properties and of an account has such names as any other', async () => {
  const put = names.map((n) => `nodeState.putShared("${n}", "x")`).join('; ')
  const properties = names.map((n) => `.putSessionProperty("${n}", "y")`).join('')
  const { state, reason } = await ends(`${put}; action.goTo("true")${properties}`)
  assert.equal(reason, undefined)
  // That one is taken away where the server reads what a script left.
  const kept = names.filter((n) => n !== '__proto__')
  for (const n of kept) assert.equal(Object.getOwnPropertyDescriptor(state.shared, n)?.value, 'x')
  assert.deepEqual(Object.keys(state.properties).sort(), kept.toSorted())
  // As in a body by REST, what begins with `_` is passed over.
  for (const n of kept) {
    const source = `var who = idRepository.getIdentity("${demo.sub}"); who.addAttribute("${n}", "x"); who.store(); action.goTo("true")`
    assert.match(String((await ends(source)).reason), new RegExp(`no attribute ${n}`))
  }
  const { attributes } = (await realm.people?.(realm).read(demo.sub)) ?? {}
  assert.ok(attributes !== undefined && names.every((n) => !Object.hasOwn(attributes, n)))
})
