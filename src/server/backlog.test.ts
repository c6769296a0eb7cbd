import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import type { Serve } from '../base/http.ts'
import type { BacklogLimits } from './backlog.ts'
import { type Listener, listen } from './node.ts'

const small: BacklogLimits = { perConnection: 16_384, inAll: 262_144, perTurn: 65_536 }

async function listening(t: TestContext, serve: Serve, backlog?: BacklogLimits): Promise<Listener> {
  const options = { host: '127.0.0.1', port: 0, baseUrls: [], trustedProxies: [] }
  const listener = await listen({ ...options, backlog }, serve)
  t.after(() => listener.stop(0))
  return listener
}

function requests({ port }: Listener, paths: readonly string[]): string {
  return paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: localhost:${port}\r\n\r\n`).join('')
}

async function connected({ port }: Listener): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Reads until so many bodies came, each in brackets. */
async function bodies(socket: Socket, count: number): Promise<readonly string[]> {
  let text = ''
  let seen = 0
  for await (const data of socket.setEncoding('latin1')) {
    text += String(data)
    seen += String(data).split(']').length - 1
    if (seen >= count) break
  }
  return text.match(/\[[^\]]*\]/g) ?? []
}

/** Settles when the server has closed a connection that nobody reads: a write tells, of what is no request yet. */
async function closed(socket: Socket): Promise<void> {
  const probe = setInterval(() => socket.write('\r\n'), 10)
  await new Promise<void>((resolve) => {
    if (socket.destroyed) resolve()
    else socket.once('close', () => resolve())
  })
  clearInterval(probe)
}

/** Settles when a number has stopped growing. */
async function settled(count: () => number): Promise<number> {
  for (let before = -1; before !== count(); ) {
    before = count()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return count()
}

const named: Serve = async ({ path }) => ({ status: 200, headers: {}, body: `[${path}]` })

for (const [name, limits] of [
  ['the usual limits', undefined],
  ['a backlog of less than one of them', { perConnection: 1, inAll: 67_108_864, perTurn: 1 }],
] as const) {
  test(`RFC 9112 §9.3.2 who writes a thousand requests at once and reads gets all answers in order, with ${name}`, async (t) => {
    const listener = await listening(t, named, limits)
    const socket = await connected(listener)
    const paths = Array.from({ length: 1000 }, (_, i) => `/${i}`)
    socket.write(requests(listener, paths))
    assert.deepEqual(
      await bodies(socket, paths.length),
      paths.map((path) => `[${path}]`),
    )
  })
}

test('RFC 9112 §9.3.2 requests with bodies among those that wait arrive whole', async (t) => {
  const echo: Serve = ({ body }) => ({ status: 200, headers: {}, body: `[${body.length}]` })
  const listener = await listening(t, echo, { ...small, perConnection: 1 })
  const socket = await connected(listener)
  const sizes = Array.from({ length: 60 }, (_, i) => i * 1500)
  for (const size of sizes) {
    const head = `POST / HTTP/1.1\r\nHost: localhost:${listener.port}\r\nContent-Length: ${size}\r\n\r\n`
    socket.write(head + 'x'.repeat(size))
  }
  assert.deepEqual(
    await bodies(socket, sizes.length),
    sizes.map((size) => `[${size}]`),
  )
})

test('H-3 answers that nobody takes are not made: the rest of what was written waits', async (t) => {
  let made = 0
  const body = 'x'.repeat(256 * 1024)
  const listener = await listening(t, () => {
    made += 1
    return { status: 200, headers: {}, body }
  })
  const socket = (await connected(listener)).pause()
  const most = 1000
  socket.write(requests(listener, Array<string>(most).fill('/')))
  const atFirst = await settled(() => made)
  // What the kernel takes on both sides, and some that are made at the same time.
  assert.ok(atFirst < most / 2, `${atFirst} were made`)
  socket.resume()
  while (made < most) await once(socket, 'data')
  socket.destroy()
})

test('H-3 no more is held in all than is allowed: connections with much waiting are closed, others served', async (t) => {
  const never = Promise.withResolvers<never>()
  const serve: Serve = (http) => (http.path === '/never' ? never.promise : named(http))
  const listener = await listening(t, serve, small)
  const modest = await connected(listener)
  modest.write(requests(listener, ['/never', '/a', '/b']))
  const greedy = await Promise.all(Array.from({ length: 8 }, () => connected(listener)))
  for (const socket of greedy)
    socket.pause().write(requests(listener, Array<string>(300).fill('/never')))
  // 300 are more than all may hold together, one of these alone.
  await Promise.all(greedy.map((socket) => closed(socket)))
  assert.equal(modest.destroyed, false)
  const next = await connected(listener)
  next.write(requests(listener, ['/c', '/d', '/e']))
  assert.deepEqual(await bodies(next, 3), ['[/c]', '[/d]', '[/e]'])
  modest.destroy()
})

test('H-3 where many hold little who holds most is closed, and when they go all is free again', async (t) => {
  const never = Promise.withResolvers<never>()
  const serve: Serve = (http) => (http.path === '/never' ? never.promise : named(http))
  const listener = await listening(t, serve, small)
  const open = async (count: number): Promise<Socket> => {
    const socket = await connected(listener)
    socket.write(requests(listener, ['/first', ...Array<string>(count).fill('/never')]))
    await once(socket, 'data')
    return socket
  }
  // Some 2.2 KB each: 7 are less than one connection may hold, 20 times as many more than all may.
  const most = await open(7)
  const many: Socket[] = []
  const end = closed(most)
  while (!most.destroyed && many.length < 60) many.push(await open(4))
  await end
  assert.ok(many.length > 15, `${many.length} connections`)
  for (const socket of many) socket.destroy()
  const fresh = await open(7)
  const again = await connected(listener)
  again.write(requests(listener, ['/x', '/y']))
  assert.deepEqual(await bodies(again, 2), ['[/x]', '[/y]'])
  assert.equal(fresh.destroyed, false)
  fresh.destroy()
})
