import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { people } from '../../test/people.ts'
import { endingIn, scripting } from '../../test/scripts.ts'

const asked: string[] = []
const left = Promise.withResolvers<string>()
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => {
    body += chunk.toString()
  })
  request.on('end', () => {
    const { 'content-type': type, authorization } = request.headers
    asked.push([request.method, request.url, type, authorization, body].join(' '))
    if (request.url === '/never') response.on('close', () => left.resolve('left'))
    else if (request.url === '/large') response.end('x'.repeat(300_000))
    else if (request.url === '/elsewhere') response.writeHead(302, { location: '/' }).end()
    else response.writeHead(201, { 'x-two': ['a', 'b'] }).end('{"a":1}')
  })
})
server.listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())
const { port } = server.address() as AddressInfo
const url = `http://127.0.0.1:${port}`

const { alpha } = await people()
const inside = endingIn(scripting(alpha, {}, { addresses: [`127.0.0.1:${port}`] }))
const outside = endingIn(scripting(alpha))

test('PingAM: httpClient sends what a script says, and gives it the answer', async () => {
  const source = `
    var one = httpClient.send("${url}/json", {method: "POST", body: {x: 1}, token: "abc", headers: {"X-A": "1", Host: "evil"}}).get()
    var two = httpClient.send("${url}/form", {method: "PUT", form: {a: "b c", d: ["1", "2"]}}).get()
    action.goTo(String(one.status === 201 && one.ok && one.json().a === 1 && one.headers["x-two"].get(1) === "b" && two.text() === '{"a":1}'))`
  assert.equal((await inside(source)).kind, 'success')
  assert.deepEqual(asked.splice(0), [
    'POST /json application/json Bearer abc {"x":1}',
    'PUT /form application/x-www-form-urlencoded  a=b%20c&d=1&d=2',
  ])
})

test('PingAM: httpClient older scripts send requests of their own class', async () => {
  const source = `
    var request = new org.forgerock.http.protocol.Request(); request.setUri("${url}/old"); request.setMethod("POST")
    request.getHeaders().add("Content-Type", "text/plain"); request.getEntity().setString("hello")
    var answer = httpClient.send(request).get()
    outcome = String(answer.getStatus().getCode() === 201 && JSON.parse(answer.getEntity().getString()).a === 1 && answer.getHeaders().getFirst("X-Two") == "a")`
  assert.equal((await inside(source, '1.0')).kind, 'success')
  assert.deepEqual(asked.splice(0), ['POST /old text/plain  hello'])
})

test('S-1, S-2 httpClient asks no address that is not public, follows no redirect and takes no more than its share', async () => {
  const status = (address: string) =>
    `var answer = httpClient.send("${address}").get(); nodeState.putShared("status", answer.status); action.goTo("true")`
  const told = async (at: typeof inside, address: string) =>
    (await at(status(address))).state.shared.status
  assert.equal(await told(outside, `${url}/`), 502)
  assert.equal(await told(outside, `http://localhost:${port}/`), 502)
  assert.equal(await told(outside, 'http://169.254.169.254/latest/meta-data'), 502)
  assert.deepEqual(asked, [])
  assert.equal(await told(inside, `${url}/elsewhere`), 302)
  assert.equal(await told(inside, `${url}/large`), 502)
  assert.match(String((await inside('httpClient.send("file:///etc/passwd")')).reason), /Invalid/)
  assert.match(String((await inside('httpClient.send("x")')).reason), /x is no address/)
})

test('S-1 httpClient goes on with no request once the script that sent it has ended', async () => {
  const values = { addresses: [`127.0.0.1:${port}`] }
  asked.splice(0)
  // On a busy machine a thread may take so long to start that its script ends before it has asked.
  for (let whole = 300; asked.length === 0; whole *= 2) {
    const ends = endingIn(scripting(alpha, { whole, waiting: 300_000 }, values))
    assert.equal((await ends(`httpClient.send("${url}/never").get()`)).kind, 'failure')
  }
  const late = new Promise((resolve) => setTimeout(resolve, 30_000, 'still there').unref())
  assert.equal(await Promise.race([left.promise, late]), 'left')
  asked.splice(0)
})
