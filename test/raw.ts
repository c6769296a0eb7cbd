import { connect } from 'node:net'

/** Sends bytes to a port of 127.0.0.1 and gives all that comes back until the server closes. */
export function exchange(port: number, ...chunks: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1')
    let text = ''
    socket.setEncoding('latin1')
    socket.on('data', (data) => {
      text += String(data)
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
    for (const chunk of chunks) socket.write(chunk, 'latin1')
  })
}
