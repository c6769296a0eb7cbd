import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withEvents } from '../../../../test/events.ts'
import { people } from '../../../../test/people.ts'
import {
  endingIn,
  importer as fr,
  scriptedJourney,
  scripting,
  valued,
  writeScript,
} from '../../../../test/scripts.ts'
import { requestOf } from '../../../../test/world.ts'
import { createSession } from '../../../session/session.ts'
import { findEndUser } from '../../../user/end-user.ts'
import { sealProof } from '../../cookie/proof.ts'
import { visitOf } from '../../visit.ts'

const { alpha, root, demo, admin, clock } = await people()
const realm = scripting(alpha, {}, valued)
const ends = endingIn(realm)

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

test('PingAM: a confirmation that nobody touches is the first option, whichever is the usual one', async () => {
  const source = `
    if (callbacks.isEmpty()) callbacksBuilder.confirmationCallback(0, ["Next", "Back"], 1)
    else { nodeState.putShared("found", callbacks.getConfirmationCallbacks()[0]); action.goTo("true") }`
  const at = await scriptedJourney(realm, { source })
  const step = await at.start('Scripted')
  assert.deepEqual(step.callbacks[0]?.input, [{ name: 'IDToken1', value: 0 }])
  const end = await at.run(step.authId, {})
  assert.ok(end.kind === 'success')
  assert.equal(end.ended.state.shared.found, 0)
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

test('S-1 script is told nothing of a request that opens a realm: by names, and by values under other names', async () => {
  const other = await createSession(root, admin, 'Login')
  const own = await createSession(alpha, demo, 'Login')
  const proof = sealProof(root, { name: 'stay', bound: '' }, admin, {
    peer: '127.0.0.1',
    until: clock.now + 100,
    idle: 100,
  })
  const cookie = [
    ...[
      `iPlanetDirectoryPro=${own.token}`,
      `root=${other.token}`,
      `stay=${proof}`,
      'parapet-device=d',
    ],
    ...['__Host-parapet-login=m', 'parapet-abcdefghijkl=i', 'amlbcookie=01', 'colour=red'],
  ].join('; ')
  const headers = {
    ...{ authorization: 'Bearer x', 'proxy-authorization': 'Basic x', dpop: 'x' },
    ...{ 'x-openam-password': 'x', 'x-ssl-cert': 'x', iPlanetDirectoryPro: own.token },
    ...{ 'x-root': other.token, 'x-probe': 'one' },
  }
  const http = requestOf('POST', `/authenticate?t=${other.token}&x=1`, { headers, cookie })
  const { provider } = alpha
  const certified = { ...provider, tlsClientCertificateTrustedHeader: 'X-SSL-Cert' }
  const source = `nodeState.putShared("found", [Object.keys(requestHeaders).join(), requestHeaders.get("cookie").join(),
    Object.keys(requestCookies).join(), Object.keys(requestParameters).join()]); action.goTo("true")`
  const certain = { ...realm, provider: certified }
  const at = await scriptedJourney(certain, { source }, {}, visitOf(http, undefined))
  const step = await at.begin('Scripted')
  assert.ok(step.kind === 'success')
  assert.deepEqual(step.ended.state.shared.found, [
    ...['host,cookie,x-probe', 'amlbcookie=01; colour=red', 'amlbcookie,colour', 'x'],
  ])
})

test('S-1 script finds headers, parameters and cookies that are named like members of every object', async () => {
  const sent = requestOf('POST', '/authenticate?constructor=1&__proto__=2')
  const cookie = '__proto__=c; constructor=d'
  const rawHeaders = ['constructor', 'a', '__proto__', 'b', 'cookie', cookie]
  const http = { ...sent, headers: { cookie }, rawHeaders }
  const source = `nodeState.putShared("found", [requestHeaders.get("constructor")[0], requestHeaders.get("__proto__")[0],
    requestParameters.get("constructor")[0], requestCookies.get("constructor"), requestCookies.get("__proto__"), requestHeaders.get("valueOf")]); action.goTo("true")`
  const at = await scriptedJourney(realm, { source }, {}, visitOf(http, undefined))
  const step = await at.begin('Scripted')
  assert.ok(step.kind === 'success')
  assert.deepEqual(step.ended.state.shared.found, ['a', 'b', '1', 'd', 'c', null])
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
  const older = 'idRepository.setAttribute("demo", "employeeNumber", "17"); outcome = "true"'
  assert.equal((await ends(older, '1.0')).reason, undefined)
  const user = await findEndUser(realm, demo.sub)
  const { description, employeeNumber, address } = (user?.attributes ?? {}) as {
    readonly [name: string]: unknown
    readonly address?: { readonly locality?: string }
  }
  assert.deepEqual(
    [description, employeeNumber, address?.locality],
    [['first', 'second'], '17', 'Bristol'],
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

test('S-1 half a secret shows nowhere: what is cut is masked before', async () => {
  const known = 'secrets.getGenericSecret("scripted.node.key").getAsUtf8()'
  for (const length of [496, 990, 1996])
    for (const end of ['logger.warn(text)', 'throw new Error(text)', 'throw text']) {
      const source = `var text = "x".repeat(${length}) + ${known}; ${end}; action.goTo("true")`
      const { reason = '', events } = await ends(source)
      const told = [reason, ...events.map(({ fields }) => JSON.stringify(fields))].join(' ')
      assert.match(told, /xxxx/)
      assert.doesNotMatch(
        told,
        new RegExp(`x${valued.secrets['scripted.node.key'].slice(0, 2)}`),
        `${end} ${length}`,
      )
    }
  const quoted = `nodeState.putTransient("a", "a\\"quoted"); if (callbacks.isEmpty()) callbacksBuilder.nameCallback("N")
    else { logger.warn("{}", {a: nodeState.get("a")}); action.goTo("true") }`
  const at = await scriptedJourney(realm, { source: quoted })
  const step = await at.start('Scripted')
  const { events } = await withEvents(() => at.run(step.authId, { IDToken1: 'x' }))
  assert.doesNotMatch(JSON.stringify(events), /quoted/)
})

test('S-1 lines of a script that knows very many secrets tell nothing', async () => {
  const source = `for (var i = 0; i < 200; i++) nodeState.putTransient("k" + i, "secret " + i)
    if (callbacks.isEmpty()) callbacksBuilder.nameCallback("Name")
    else { logger.error("secret 7"); action.goTo("true") }`
  const at = await scriptedJourney(realm, { source })
  const step = await at.start('Scripted')
  const { events } = await withEvents(() => at.run(step.authId, { IDToken1: 'x' }))
  const lines = events.filter(({ name }) => name === 'script.log')
  assert.deepEqual(
    lines.map(({ fields }) => fields.text),
    ['[masked]'],
  )
})

test('S-1 what a script tells the audit log, and an outcome that it has not, are masked as its log is', async () => {
  const known = 'secrets.getGenericSecret("scripted.node.key").getAsUtf8()'
  const { reason, events } = await ends(
    `var k = ${known}; auditEntryDetail = {a: ["of " + k, 1]}; auditEntryDetail[k] = k; outcome = "no " + k`,
  )
  assert.equal(reason, "Invalid outcome from script, 'no [masked]'")
  const detail = events.find(({ name }) => name === 'script.audit_detail')?.fields.detail
  assert.deepEqual(detail, { a: ['of [masked]', 1], '[masked]': '[masked]' })
})

test('PingAM: scripted decision sets no properties of the session itself, and those of a session are its own', async () => {
  for (const name of ['AuthLevel', 'UserToken', 'Service']) {
    const put = await ends(`action.goTo("true").putSessionProperty("${name}", "9")`)
    assert.equal(put.reason, `Cannot set system session property ${name}`)
    assert.deepEqual(put.state.properties, {})
  }
  const properties = { UserToken: 'amadmin', UserId: 'x', Service: 'Strong', colour: 'red' }
  const session = { username: 'demo', sub: 's', journey: 'Login', properties }
  const source = `nodeState.putShared("found", ["UserToken", "UserId", "Service", "colour"].map((n) => existingSession.get(n))); action.goTo("true")`
  const visit = visitOf(requestOf('POST', '/authenticate'), session)
  const step = await (await scriptedJourney(realm, { source }, {}, visit)).begin('Scripted')
  assert.ok(step.kind === 'success')
  assert.deepEqual(step.ended.state.shared.found, ['demo', 's', 'Login', 'red'])
})
