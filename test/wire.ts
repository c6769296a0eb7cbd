/** A server as tests with real processes reach it: by its own port, whatever name it goes by. */
import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:net'
import { encodeForm } from '../src/base/form.ts'
import { http } from '../src/base/node-http.ts'

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly cookie?: string | undefined
  readonly form?: Readonly<Record<string, string>>
  readonly json?: unknown
}

/** Milliseconds without a byte after which a server is taken for dead. */
const patience = 120_000

/** Keep-alive connections to one server. A call that is not answered whole, or not in time, rejects. */
export interface Wire {
  readonly port: number
  /** What URLs of this server begin with. */
  readonly origin: string
  call(method: string, path: string, sent?: Sent): Promise<Answer>
  close(): void
}

/** `host`: its address. */
export function wire(port: number, origin = `http://localhost:${port}`, host = '127.0.0.1'): Wire {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 256 })
  return {
    port,
    origin,
    call(method, path, sent = {}) {
      const { headers, body } = messageOf(origin, sent)
      return new Promise((resolve, reject) => {
        const asked = http.request({ agent, host, port, method, path, headers })
        asked.on('error', reject)
        asked.setTimeout(patience, () => asked.destroy(new Error('no answer in time')))
        asked.on('response', (response) => {
          let text = ''
          response.setEncoding('utf8')
          response.on('data', (part: string) => {
            text += part
          })
          response.on('error', reject)
          response.on('end', () => {
            if (!response.complete) reject(new Error('cut off'))
            else resolve({ status: response.statusCode ?? 0, headers: response.headers, text })
          })
        })
        asked.end(body)
      })
    },
    close: () => agent.destroy(),
  }
}

export interface Message {
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** What goes over the connection, to a server of this origin. */
export function messageOf(origin: string, { headers, cookie, form, json }: Sent): Message {
  const body = form === undefined ? jsonBody(json) : encodeForm(Object.entries(form))
  return {
    headers: {
      host: new URL(origin).host,
      'content-length': String(Buffer.byteLength(body)),
      ...(form !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...(cookie !== undefined && { cookie }),
      ...headers,
    },
    body,
  }
}

function jsonBody(json: unknown): string {
  return json === undefined ? '' : JSON.stringify(json)
}

/** The JSON of an answer that must have this status. */
export function jsonOf(answer: Answer, status = 200): Record<string, unknown> {
  if (answer.status !== status) throw new Error(`${answer.status}, not ${status}: ${answer.text}`)
  return JSON.parse(answer.text) as Record<string, unknown>
}

/** Below those that systems hand out by themselves, to whoever connects or listens on no certain one. */
const [lowestPort, highestPort] = [10_000, 32_000]

/** Ports that nobody listens on, and that no other call of this is told, in whichever process, as long as this one lives. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports: number[] = []
  while (ports.length < count) {
    const port = randomInt(lowestPort, highestPort)
    if (await reserve(port)) ports.push(port)
  }
  return ports
}

/**
 * Whether a port is free, and this process's from now on: of those who want one whoever binds the UDP port of that number has
 * it, which nothing here uses and which goes with the process.
 */
export async function reserve(port: number): Promise<boolean> {
  const mark = createSocket('udp4').unref()
  const isMine = await done((end) =>
    mark.once('error', end).bind({ port, address: '127.0.0.1', exclusive: true }, end),
  )
  const probe = createServer()
  const isFree = isMine && (await done((end) => probe.once('error', end).listen(port, end)))
  if (isFree) await new Promise((resolve) => probe.close(resolve))
  else mark.close()
  return isFree
}

/** Whether something ends without an error. */
function done(begin: (end: (error?: Error) => void) => unknown): Promise<boolean> {
  return new Promise((resolve) => {
    begin((error) => resolve(error === undefined))
  })
}
