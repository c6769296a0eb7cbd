import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../test/people.ts'
import { endingIn, scripting, valued } from '../../test/scripts.ts'

const { alpha, demo } = await people()
const realm = scripting(alpha, {}, valued)
const ends = endingIn(realm)

/** Half a sign, as a script is left with that cuts a text in the middle of one. */
const half = '"\u{1f98a}".charAt(0)'
const whole = /^a\ufffdb$/

test('scripts: half a sign in what a script leaves is U+FFFD, in values and in names', async () => {
  for (const version of ['1.0', '2.0'] as const) {
    const set = version === '2.0' ? 'nodeState.putShared' : 'sharedState.put'
    const { state, reason } = await ends(
      `var text = "a" + ${half} + "b"; ${set}("x", text); ${set}("deep", { list: [text], [text]: 1 }); var outcome = "true"`,
      version,
    )
    assert.equal(reason, undefined)
    const { x, deep } = state.shared as { x: string; deep: { list: string[] } }
    assert.match(x, whole)
    assert.match(deep.list[0] ?? '', whole)
    assert.ok(Object.keys(deep).some((name) => whole.test(name)))
  }
})

test('scripts: half a sign is U+FFFD in session properties, and in the words of a failure', async () => {
  const { state } = await ends(
    `var text = "a" + ${half} + "b"; action.goTo("true").putSessionProperty("p", text).withErrorMessage(text)`,
  )
  assert.match(state.properties.p ?? '', whole)
  assert.match(String(state.atEnd.failure?.message?.en), whole)
})

test('scripts: half a sign is U+FFFD in an account, in bytes and in lines of the log', async () => {
  const { reason, events } = await ends(`
    var text = "a" + ${half} + "b"
    var who = idRepository.getIdentity("${demo.sub}")
    who.setAttribute("givenName", [text]); who.store()
    logger.warn(text)
    if (utils.base64.encode(text) !== "Ye+/vWI=") throw new Error(utils.base64.encode(text))
    action.goTo("true")`)
  assert.equal(reason, undefined)
  const { attributes } = (await realm.people?.(realm).read(demo.sub)) ?? {}
  assert.match(attributes?.givenName?.[0] ?? '', whole)
  const line = events.find(({ name }) => name === 'script.log')
  assert.ok(String(line?.fields.text).isWellFormed())
})

test('scripts: half a sign is U+FFFD in a JWT that a script signs', async () => {
  const { state, reason } = await ends(`
    var text = "a" + ${half} + "b"
    nodeState.putShared("jwt", jwtAssertion.generateJwt({ jwtType: "SIGNED", jwsAlgorithm: "HS256", issuer: "i", subject: text,
      audience: "a", type: "t", validityMinutes: 1, signingKey: "${Buffer.alloc(32).toString('base64')}" }))
    action.goTo("true")`)
  assert.equal(reason, undefined)
  const [, payload = ''] = String(state.shared.jwt).split('.')
  const { sub } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  assert.match(String(sub), whole)
})

test('scripts: whole signs are as they were written', async () => {
  const { state } = await ends(
    'nodeState.putShared("x", "\u{1f98a}\\ud83e\\udd8a \\\\ud83e"); action.goTo("true")',
  )
  assert.equal(state.shared.x, '\u{1f98a}\u{1f98a} \\ud83e')
})
