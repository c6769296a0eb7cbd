import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../../test/events.ts'
import { people } from '../../../../test/people.ts'
import { scriptedJourney, scripting, writeScript } from '../../../../test/scripts.ts'
import { requestOf } from '../../../../test/world.ts'
import type { JsonObject } from '../../../base/json.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { visitOf } from '../../visit.ts'

const { alpha, demo } = await people()
const realm = scripting(
  alpha,
  {},
  {
    variables: { 'esv.host': 'mail.example', 'esv.port': '25' },
    secrets: { 'scripted.node.key': 'geheim42' },
  },
)

/** What a script that asks nothing comes to, and the shared state that it leaves. */
async function ends(source: string, version: '1.0' | '2.0' = '2.0', settings: JsonObject = {}) {
  const at = await scriptedJourney(realm, { source, version }, settings)
  const { value: step, events } = await withEvents(() => at.begin('Scripted'))
  assert.ok(step.kind === 'success' || step.kind === 'failure', step.kind)
  const failed = events.find(({ name }) => name === 'journey.failed')
  return { kind: step.kind, reason: failed?.fields.reason, state: step.ended.state, events }
}

const fr = `var fr = JavaImporter(
  org.forgerock.openam.auth.node.api.Action, javax.security.auth.callback.NameCallback,
  javax.security.auth.callback.PasswordCallback, javax.security.auth.callback.TextOutputCallback,
  com.sun.identity.authentication.callbacks.HiddenValueCallback, java.lang.String)
`

/** Scripts that go somewhere; each is right where it goes to `true`. */
const right: [title: string, version: '1.0' | '2.0', source: string][] = [
  ['an outcome that is set', '1.0', 'outcome = "true"'],
  ['an outcome that is declared', '1.0', 'var outcome = "true"'],
  ['an outcome of the next generation', '2.0', 'action.goTo("true")'],
  ['a constant', '2.0', 'const outcome = "true"'],
  ['an action that was built', '1.0', `${fr} action = fr.Action.goTo("true").build()`],
  ['`with` an importer', '1.0', `${fr} with (fr) { action = Action.goTo(String("true")).build() }`],
  [
    'an imported class',
    '1.0',
    'importClass(java.util.ArrayList); var a = new ArrayList(); a.add("x"); outcome = String(a.size() === 1 && a.get(0) == "x" && !a.isEmpty())',
  ],
  [
    'an imported package',
    '1.0',
    'importPackage(java.util); var m = new HashMap(); m.put("a", 1); outcome = String(m.get("a") === 1 && m.containsKey("a"))',
  ],
  ['Packages', '1.0', 'outcome = String(Packages.java.util.Arrays.asList("a", "b").contains("b"))'],
  [
    'a class that is not there and not used',
    '1.0',
    'var x = JavaImporter(com.iplanet.sso.SSOException); outcome = "true"',
  ],
  [
    'Java’s texts',
    '1.0',
    'var s = new java.lang.String("aB"); outcome = String(s.equals("aB") && s.equalsIgnoreCase("AB") && s.contains("B") && s.toString() == "aB")',
  ],
  [
    'loops over values',
    '1.0',
    'var n = 0; for each (var x in {a: 1, b: 2}) { n += x } outcome = String(n === 3)',
  ],
  [
    'a builder of texts',
    '1.0',
    'outcome = new java.lang.StringBuilder("tr").append("ue").toString()',
  ],
  [
    'base64 of Java',
    '1.0',
    'outcome = String(java.util.Base64.getEncoder().encodeToString(new java.lang.String("aé").getBytes())) === "YcOp" ? "true" : "false"',
  ],
  [
    'digests of Java',
    '1.0',
    'var d = java.security.MessageDigest.getInstance("SHA-256").digest(new java.lang.String("abc").getBytes()); outcome = String(d.length === 32 && d[0] === -70)',
  ],
  [
    'state of older scripts',
    '1.0',
    'nodeState.putShared("a", {b: "c"}); outcome = String(nodeState.get("a").get("b").asString() == "c" && nodeState.get("none") === null && nodeState.get("realm").asString() == "/alpha")',
  ],
  [
    'maps of older scripts',
    '1.0',
    'sharedState.put("a", {b: {c: 1}}); outcome = String(sharedState.get("a").get("b").get("c") === 1 && sharedState.get("realm") == realm && sharedState.get("x") === null)',
  ],
  [
    'state of the next generation',
    '2.0',
    'nodeState.putShared("a", {b: 1}); nodeState.putTransient("a", {c: 2}); action.goTo(String(nodeState.getObject("a").b === 1 && nodeState.getObject("a").get("c") === 2 && nodeState.get("a").c === 2 && nodeState.isDefined("a") && nodeState.keys().contains("realm")))',
  ],
  [
    'what is taken out of the state',
    '2.0',
    'nodeState.putShared("a", 1).remove("a"); action.goTo(String(nodeState.get("a") === null && !nodeState.isDefined("a")))',
  ],
  [
    'merged state',
    '2.0',
    'nodeState.mergeShared({objectAttributes: {a: 1}}); nodeState.mergeShared({objectAttributes: {b: 2}}); var o = nodeState.get("objectAttributes"); action.goTo(String(o.a + o.b === 3))',
  ],
  [
    'base64 and its URL form',
    '2.0',
    'var b = utils.base64url.encode("a?>é"); action.goTo(String(utils.base64url.decode(b) === "a?>é" && !/[+/=]/.test(b) && utils.base64.decode(utils.base64.encode("abcd")) === "abcd"))',
  ],
  [
    'hashes and signatures',
    '2.0',
    'var k = utils.types.stringToBytes("key"); var s = utils.crypto.subtle.sign("HMAC", k, "text"); action.goTo(String(utils.crypto.subtle.verify("HMAC", k, "text", s) && !utils.crypto.subtle.verify("HMAC", k, "texu", s) && utils.crypto.subtle.digest("SHA-512", "a").length === 64))',
  ],
  [
    'UUIDs',
    '2.0',
    'action.goTo(String(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(utils.crypto.randomUUID()) && Math.random() !== Math.random()))',
  ],
  [
    'variables',
    '2.0',
    'action.goTo(String(systemEnv.getProperty("esv.host") === "mail.example" && systemEnv.getProperty("esv.port", 1, "integer") === 25 && systemEnv.getProperty("none", "x") === "x" && systemEnv.getProperty("none") === null))',
  ],
  [
    'secrets',
    '1.0',
    'outcome = String(secrets.getGenericSecret("scripted.node.key").getAsUtf8() == "geheim42")',
  ],
  [
    'people by name',
    '1.0',
    'outcome = String(idRepository.getAttribute("demo", "mail").iterator().next() == "demo@example.com" && idRepository.getAttribute("nobody", "mail").isEmpty())',
  ],
  [
    'people of the next generation',
    '2.0',
    `var who = idRepository.getIdentity("demo"); action.goTo(String(who.getAttributeValues("mail")[0] === "demo@example.com" && who.getName() === "${demo.sub}" && who.getUniversalId().endsWith(",ou=user,o=alpha,ou=services,ou=am-config")))`,
  ],
  [
    'managed users',
    '2.0',
    `var found = openidm.query("managed/alpha_user", {_queryFilter: 'userName eq "demo"'}, ["mail"]); action.goTo(String(found.result.length === 1 && found.result[0].mail === "demo@example.com" && openidm.read("managed/user/" + found.result[0]._id).userName === "demo" && openidm.read("managed/user/00000000-0000-4000-8000-000000000000") === null))`,
  ],
  [
    'nobody of another realm',
    '2.0',
    'try { openidm.query("managed/bravo_user", {_queryFilter: "true"}); action.goTo("false") } catch (e) { action.goTo(String(/is not there/.test(e))) }',
  ],
  [
    'a rule that refuses',
    '2.0',
    'try { openidm.create("managed/user", null, {userName: "x"}); action.goTo("false") } catch (e) { action.goTo(String(/givenName must be given/.test(e.message))) }',
  ],
]
for (const [title, version, source] of right)
  test(`PingAM: scripted decision ${title}`, async () => {
    const { kind, reason } = await ends(source, version)
    assert.deepEqual([kind, reason], ['success', undefined])
  })

/** Scripts that cannot go on, and what is said. */
const wrong: [title: string, version: '1.0' | '2.0', source: string, reason: RegExp][] = [
  [
    'an outcome that is not listed',
    '2.0',
    'action.goTo("x")',
    /^Invalid outcome from script, 'x'$/,
  ],
  ['no outcome', '1.0', 'var a = 1', /^Invalid outcome from script, 'null'$/],
  ['an error', '2.0', '\nthrow new Error("no")', /^Error: no \(line 2\)$/],
  ['what does not parse', '2.0', 'action.goTo(', /^SyntaxError: /],
  [
    'a class that is not there',
    '1.0',
    'new java.io.File("/etc/passwd")',
    /The Java class java\.io\.File is not there/,
  ],
  ['Java in the next generation', '2.0', 'JavaImporter()', /JavaImporter is not defined/],
  [
    'a callback that is not there',
    '2.0',
    'callbacksBuilder.httpCallback()',
    /httpCallback is not there/,
  ],
  [
    'a secret that is not there',
    '2.0',
    'secrets.getGenericSecret("x")',
    /The secret x is not there/,
  ],
  [
    'somebody who is not there',
    '2.0',
    'action.goTo("true").withIdentifiedUser("nobody")',
    /is not there$/,
  ],
]
for (const [title, version, source, reason] of wrong)
  test(`PingAM: scripted decision cannot go on by ${title}, and says so in the log alone`, async () => {
    const end = await ends(source, version)
    assert.equal(end.kind, 'failure')
    assert.match(String(end.reason), reason)
  })

test('PingAM: scripted decision asks, and runs again from its top with what was answered', async () => {
  const source = `
    if (callbacks.isEmpty()) {
      callbacksBuilder.textOutputCallback(1, "Who?")
      callbacksBuilder.nameCallback("Name")
      callbacksBuilder.passwordCallback("Word", false)
      callbacksBuilder.choiceCallback("Which", ["a", "b"], 0, false)
      callbacksBuilder.confirmationCallback(0, ["Next", "Back"], 0)
      callbacksBuilder.hiddenValueCallback("hint", "x")
      action.withHeader("Hello").withStage("one")
    } else {
      nodeState.putShared("found", [
        callbacks.getNameCallbacks().get(0), callbacks.getPasswordCallbacks()[0],
        callbacks.getChoiceCallbacks().get(0)[0], callbacks.getConfirmationCallbacks()[0],
        callbacks.getHiddenValueCallbacks().get("hint")])
      action.goTo("true")
    }`
  const at = await scriptedJourney(realm, { source })
  const step = await at.start('Scripted')
  assert.deepEqual([step.header, step.stage], ['Hello', 'one'])
  assert.deepEqual(
    step.callbacks.map(({ type, input }) => [type, input?.[0]?.name]),
    [
      ['TextOutputCallback', undefined],
      ['NameCallback', 'IDToken2'],
      ['PasswordCallback', 'IDToken3'],
      ['ChoiceCallback', 'IDToken4'],
      ['ConfirmationCallback', 'IDToken5'],
      ['HiddenValueCallback', 'IDToken6'],
    ],
  )
  const answers = { IDToken2: 'ann', IDToken3: 'word', IDToken4: 1, IDToken5: 1, IDToken6: 'seen' }
  const end = await at.run(step.authId, answers)
  assert.ok(end.kind === 'success')
  assert.deepEqual(end.ended.state.shared.found, ['ann', 'word', 1, 1, 'seen'])
})

test('PingAM: scripted decision older scripts find the callbacks they sent', async () => {
  const source = `${fr}
    if (callbacks.isEmpty()) {
      action = fr.Action.send(new fr.TextOutputCallback(fr.TextOutputCallback.ERROR, "No"), new fr.NameCallback("Name"),
        new fr.PasswordCallback("Word", false), new fr.HiddenValueCallback("stage", "s1")).build()
    } else {
      sharedState.put("found", [callbacks.get(1).getName(), fr.String(callbacks.get(2).getPassword()), callbacks.get(3).getValue()])
      action = fr.Action.goTo("true").putSessionProperty("lang", "en").build()
    }`
  const at = await scriptedJourney(realm, { source, version: '1.0' })
  const step = await at.start('Scripted')
  assert.deepEqual(step.callbacks[0]?.output, [
    { name: 'message', value: 'No' },
    { name: 'messageType', value: '2' },
  ])
  const end = await at.run(step.authId, { IDToken2: 'ann', IDToken3: 'word', IDToken4: 'v' })
  assert.ok(end.kind === 'success')
  assert.deepEqual(end.ended.state.shared.found, ['ann', 'word', 'v'])
  assert.deepEqual(end.ended.state.properties, { lang: 'en' })
})

test('PingAM: scripted decision suspends, and is resumed', async () => {
  const source = `
    if (resumedFromSuspend) action.goTo("true")
    else action.suspend("Mail is on its way", (uri) => nodeState.putShared("uri", uri), 7)`
  const at = await scriptedJourney(realm, { source })
  const step = await at.start('Scripted')
  assert.equal(step.suspended, true)
  assert.deepEqual(step.callbacks[0]?.output[0], { name: 'message', value: 'Mail is on its way' })
})

test('PingAM: scripted decision tells whom it found, and what the session is to hold', async () => {
  const source = `action.goTo("true").withIdentifiedUser("demo").putSessionProperty("a", "b").withMaxSessionTime(5).withMaxIdleTime(2)`
  const { state } = await ends(source)
  assert.deepEqual(state.user, { sub: demo.sub, epoch: 0 })
  assert.deepEqual([state.properties, state.maxSessionTime, state.maxIdleTime], [{ a: 'b' }, 5, 2])
  const failed = await ends('action.goTo("false").withErrorMessage("Not today")')
  assert.deepEqual(failed.state.atEnd.failure?.message, { en: 'Not today' })
})

test('PingAM: scripted decision older scripts see and leave what is declared', async () => {
  const declared = { inputs: ['realm'], outputs: ['made'] }
  const missing = await ends('outcome = "true"', '1.0', declared)
  assert.equal(missing.reason, 'Script did not provide all declared outputs')
  const source =
    'sharedState.put("made", String(sharedState.get("authLevel"))); sharedState.put("more", 1); outcome = "true"'
  const { state } = await ends(source, '1.0', declared)
  assert.deepEqual(
    [state.shared.made, state.shared.more, state.shared.authLevel],
    ['null', undefined, 0],
  )
  const next = await ends('nodeState.putShared("more", 1); action.goTo("true")', '2.0', declared)
  assert.equal(next.state.shared.more, 1)
})

test('PingAM: scripted decision finds headers, parameters and cookies of the request, and the session', async () => {
  const http = requestOf('POST', '/am/json/authenticate?service=Login&x=1', {
    headers: { 'X-Probe': 'one' },
    cookie: 'a=1; b=c=d',
  })
  const session = { username: 'demo', properties: { colour: 'red' } }
  const source = `var all = [requestHeaders.get("x-probe").get(0), requestHeaders.get("X-PROBE")[0], requestHeaders.get("none"),
    requestParameters.get("x").get(0), requestCookies.get("b"), existingSession.get("UserToken"), existingSession.get("colour")]
    nodeState.putShared("found", all); action.goTo("true")`
  const at = await scriptedJourney(realm, { source }, {}, visitOf(http, session))
  const step = await at.begin('Scripted')
  assert.ok(step.kind === 'success')
  assert.deepEqual(step.ended.state.shared.found, ['one', 'one', null, '1', 'c=d', 'demo', 'red'])
  const { kind } = await ends('action.goTo(String(typeof existingSession === "undefined"))')
  assert.equal(kind, 'success')
})

test('PingAM: scripted decision library scripts are required by name, and are there once', async () => {
  await writeScript(alpha, {
    ...{ name: 'Numbers', context: 'LIBRARY' },
    source: 'let n = 0; exports.next = () => ++n',
  })
  const source = `var one = require("Numbers"); one.next(); action.goTo(String(require("Numbers").next() === 2))`
  assert.equal((await ends(source)).kind, 'success')
  assert.match(String((await ends('require("None")')).reason), /The library None is not there/)
})

test('PingAM: scripted decision changes accounts by the rules of every door', async () => {
  const source = `
    var who = idRepository.getIdentity("demo"); who.setAttribute("description", ["first"]); who.addAttribute("description", "second"); who.store()
    openidm.patch("managed/alpha_user/" + who.getName(), null, [{operation: "replace", field: "/city", value: "Bristol"}])
    action.goTo("true")`
  assert.equal((await ends(source)).reason, undefined)
  const older = 'idRepository.setAttribute("demo", "employeeNumber", ["7"]); outcome = "true"'
  assert.equal((await ends(older, '1.0')).reason, undefined)
  const user = await findEndUser(realm, demo.sub)
  const { description, employeeNumber, address } = (user?.attributes ?? {}) as {
    readonly [name: string]: unknown
    readonly address?: { readonly locality?: string }
  }
  assert.deepEqual(
    [description, employeeNumber, address?.locality],
    [['first', 'second'], '7', 'Bristol'],
  )
})

test('S-1 lines of a script’s log have no secret that it was given, and no more than their share', async () => {
  const source = `nodeState.putTransient("x", 1); logger.error("key {} of {}", secrets.getGenericSecret("scripted.node.key").getAsUtf8(), {a: 1})
    logger.debug(nodeState.get("password")); for (var i = 0; i < 1000; i++) logger.info("x".repeat(100)); action.goTo("true")`
  const { events } = await ends(source)
  const lines = events.filter(({ name }) => name === 'script.log')
  assert.deepEqual(lines[0]?.fields.text, 'key [masked] of {"a":1}')
  assert.deepEqual([lines[0]?.level, lines[1]?.level, lines[2]?.level], ['warn', 'debug', 'info'])
  assert.ok(lines.length < 200)
})
