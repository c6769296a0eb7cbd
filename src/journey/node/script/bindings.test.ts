import assert from 'node:assert/strict'
import { test } from 'node:test'
import { people } from '../../../../test/people.ts'
import {
  endingIn,
  importer as fr,
  scriptedJourney,
  scripting,
  valued,
} from '../../../../test/scripts.ts'

const { alpha, demo } = await people()
const ends = endingIn(scripting(alpha, {}, valued))

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
    'JWTs that older scripts sign and read',
    '1.0',
    `var j = JavaImporter(org.forgerock.json.jose.builders.JwtBuilderFactory, org.forgerock.json.jose.jwt.JwtClaimsSet,
        org.forgerock.json.jose.jws.JwsAlgorithm, org.forgerock.json.jose.jws.SignedJwt, org.forgerock.secrets.SecretBuilder,
        org.forgerock.secrets.keys.SigningKey, org.forgerock.secrets.keys.VerificationKey, java.time.temporal.ChronoUnit,
        java.time.Clock, org.forgerock.json.jose.jws.handlers.SecretHmacSigningHandler)
      function key(secret) { var b = new j.SecretBuilder; b.secretKey(new javax.crypto.spec.SecretKeySpec(java.lang.String(secret).getBytes(), "Hmac"))
        b.stableId("x").expiresIn(5, j.ChronoUnit.MINUTES, j.Clock.systemUTC()); return b }
      var claims = new j.JwtClaimsSet; claims.setIssuer("https://a"); claims.setClaim("x", "y"); claims.setIssuedAtTime(new Date())
      var jwt = new j.JwtBuilderFactory().jws(new j.SecretHmacSigningHandler(new j.SigningKey(key("one")))).headers().alg(j.JwsAlgorithm.HS256).done().claims(claims).build()
      var read = new j.JwtBuilderFactory().reconstruct(jwt, j.SignedJwt)
      var right = read.verify(new j.SecretHmacSigningHandler(new j.VerificationKey(key("one"))))
      var other = read.verify(new j.SecretHmacSigningHandler(new j.VerificationKey(key("two"))))
      outcome = String(right && !other && read.getClaimsSet().getClaim("x") == "y" && read.getClaimsSet().getIssuer() == "https://a" && jwt.split(".").length === 3)`,
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
    'an identity as it was stored, and what is added to that',
    '2.0',
    `var i = idRepository.getIdentity("demo"); var told = () => i.getAttributeValues("description").join() + " " + i.getAttributes().description
      i.setAttribute("Description", [" one "]); i.store(); var first = told(); i.addAttribute("description", "two"); i.store()
      action.goTo(String(first === " one   one " && told() === " one ,two  one ,two" && told() === idRepository.getIdentity("demo").getAttributeValues("DESCRIPTION").join() + " " + i.getAttributes().description))`,
  ],
  [
    'an attribute to which another script adds before it is stored',
    '2.0',
    `var set = idRepository.getIdentity("demo"); set.setAttribute("description", ["zero"]); set.store()
      var i = idRepository.getIdentity("demo"); var other = idRepository.getIdentity("demo")
      i.addAttribute("description", "one"); i.addAttribute("Description", "two"); other.addAttribute("description", "three"); other.store()
      var told = i.getAttributeValues("description").join(); i.store()
      action.goTo(String(told === "zero,one,two" && i.getAttributeValues("description").join() === "zero,three,one,two"))`,
  ],
  [
    'attributes that are added to by name',
    '1.0',
    `idRepository.setAttribute("demo", "description", ["1"]); idRepository.addAttribute("demo", "Description", "2")
      var told = idRepository.getAttribute("demo", "description"); outcome = String(told.size() === 2 && told.contains("1") && told.contains("2"))`,
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

test('PingAM: scripted decision gives no session, and no link, more time than a node may', async () => {
  const most = [153_722_867, 153_722_867]
  for (const minutes of ['1e300', 'Number.MAX_SAFE_INTEGER', '153722868']) {
    const { state } = await ends(
      `action.goTo("true").withMaxSessionTime(${minutes}).withMaxIdleTime(${minutes})`,
    )
    assert.deepEqual([state.maxSessionTime, state.maxIdleTime], most, minutes)
  }
  const source = `
    if (resumedFromSuspend) action.goTo("true")
    else action.suspend("Wait", () => undefined, 1e300)`
  const at = await scriptedJourney(scripting(alpha), { source })
  const { authId } = await at.start('Scripted')
  const { exp } = JSON.parse(Buffer.from(authId.split('.')[1] ?? '', 'base64url').toString())
  assert.equal(exp, alpha.now() + 525_600 * 60)
})
