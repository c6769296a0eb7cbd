import type { IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import type { Answer, Wire } from '../wire.ts'
import { messageOf } from '../wire.ts'

/**
 * Wires of runners who start together: a request goes out on a connection of its own but for its last
 * byte, and the last bytes of all follow at once when everybody has come so far. One call each.
 */
export function startLine(wires: readonly Wire[]): readonly Wire[] {
  const ready: (() => void)[] = []
  const arrive = (start: () => void): void => {
    ready.push(start)
    if (ready.length === wires.length) for (const each of ready) each()
  }
  return wires.map((w) => ({
    ...w,
    call(method, path, sent = {}) {
      const { headers, body } = messageOf(w.origin, sent)
      const lines = Object.entries({ ...headers, connection: 'close' }).map(
        ([name, value]) => `${name}: ${value}\r\n`,
      )
      const bytes = Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${body}`)
      return exchange(w.port, bytes, arrive)
    },
  }))
}

function exchange(
  port: number,
  bytes: Buffer,
  arrive: (start: () => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('utf8')
    let text = ''
    socket.on('error', reject)
    socket.on('data', (part) => {
      text += String(part)
    })
    socket.on('close', () => resolve(answerOf(text)))
    socket.write(bytes.subarray(0, -1), () => arrive(() => socket.write(bytes.subarray(-1))))
  })
}

/** RFC 9112 §3, as far as this server's short answers go. */
function answerOf(text: string): Answer {
  const [head = '', ...rest] = text.split('\r\n\r\n')
  const [first = '', ...lines] = head.split('\r\n')
  const headers: IncomingHttpHeaders = {}
  for (const line of lines) {
    const colon = line.indexOf(': ')
    const [name, value] = [line.slice(0, colon).toLowerCase(), line.slice(colon + 2)]
    if (name === 'set-cookie') headers[name] = [...(headers[name] ?? []), value]
    else headers[name] = value
  }
  return { status: Number(first.split(' ')[1]), headers, text: rest.join('\r\n\r\n') }
}
