/**
 * A lean HTTP/1.1 client: raw keep-alive sockets, one request at a time on each. Node's own client costs
 * more than the servers measured here: they would wait for it, and be woken for every single request.
 */
import type { Socket } from 'node:net'
import { connect } from 'node:net'

export interface Answer {
  readonly status: number
  readonly location: string | undefined
  readonly cookies: readonly string[]
  readonly body: string
}

export interface Pool {
  send(
    method: string,
    url: string,
    headers: Readonly<Record<string, string>>,
    body?: string,
  ): Promise<Answer>
  close(): void
}

interface Connection {
  readonly socket: Socket
  text: string
  settle: ((answer: Answer) => void) | undefined
  fail: ((error: Error) => void) | undefined
}

/** Opens `size` connections to an origin; a request waits for one that is free. */
export function openPool(origin: string, size: number): Pool {
  const { hostname, port, host } = new URL(origin)
  const free: Connection[] = []
  const waiting: ((connection: Connection) => void)[] = []
  const release = (connection: Connection): void => {
    const next = waiting.shift()
    if (next === undefined) free.push(connection)
    else next(connection)
  }
  const all = Array.from({ length: size }, () => open(hostname, Number(port), release))
  free.push(...all)
  return {
    async send(method, url, headers, body = '') {
      const path = url.startsWith(origin) ? url.slice(origin.length) : url
      // The one that has rested longest: a server closes what rests for seconds.
      const connection =
        free.shift() ?? (await new Promise<Connection>((resolve) => waiting.push(resolve)))
      let head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\n`
      for (const name in headers) head += `${name}: ${headers[name]}\r\n`
      if (method === 'POST') head += `content-length: ${Buffer.byteLength(body)}\r\n`
      return new Promise((resolve, reject) => {
        connection.settle = resolve
        connection.fail = reject
        if (connection.socket.destroyed) reject(new Error('the server closed a connection'))
        connection.socket.write(`${head}\r\n${body}`, 'latin1')
      })
    },
    close() {
      for (const { socket } of all) socket.destroy()
    },
  }
}

function open(host: string, port: number, release: (c: Connection) => void): Connection {
  const socket = connect(port, host === 'localhost' ? '127.0.0.1' : host)
  const connection: Connection = { socket, text: '', settle: undefined, fail: undefined }
  socket.setNoDelay(true)
  socket.setEncoding('latin1')
  socket.on('data', (chunk: string) => {
    connection.text += chunk
    const answer = readAnswer(connection.text)
    if (answer === undefined) return
    const { settle } = connection
    connection.text = ''
    connection.settle = undefined
    release(connection)
    settle?.(answer)
  })
  socket.on('error', (error) => connection.fail?.(error))
  socket.on('close', () => connection.fail?.(new Error('the server closed a connection')))
  return connection
}

/** An answer that is complete; undefined while something is missing. */
function readAnswer(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const head = text.slice(0, end)
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
  const body = text.slice(end + 4)
  if (body.length < length) return undefined
  const cookies = [...head.matchAll(/\r\nset-cookie: ([^\r]*)/gi)].map(
    (match) => match[1] as string,
  )
  const location = /\r\nlocation: ([^\r]*)/i.exec(head)?.[1]
  return { status: Number(text.slice(9, 12)), location, cookies, body }
}
