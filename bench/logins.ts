/** How long a right login takes while another address keeps the hashing busy with wrong ones. */
import { Agent, request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { monotonic } from '../src/base/time.ts'
import { startServer, stopServer } from './drive.ts'
import { median, table } from './figures.ts'

/** Wrong logins of one address that are under way at any time. */
const wrong = 150
/** Right logins that are measured, one after the other; warmed up by a fifth as many. */
const right = 60
/** How many times the time at rest the one under load may be (C-34). */
const bar = 3

/** Milliseconds of right logins from one address, at rest and beside wrong ones from another. */
export async function logins(): Promise<string> {
  const server = await startServer('parapet, memory', 'parapet.ts', ['memory'])
  const url = `${server.target.issuer.replace('/oauth2/', '/json/')}/authenticate`
  const own = new Agent({ keepAlive: true, localAddress: '127.0.0.1' })
  const others = new Agent({ keepAlive: true, localAddress: '127.0.0.2', maxSockets: wrong })
  await times(url, own, right / 5)
  const rest = median(await times(url, own, right))
  const load = flood(url, others)
  await times(url, own, right / 5)
  const busy = median(await times(url, own, right))
  const answered = await load.stop()
  stopServer(server)
  const cells = [rest.toFixed(0), busy.toFixed(0), (busy / rest).toFixed(2), bar, answered]
  return [
    `Milliseconds of a right login, median of ${right}, beside ${wrong} wrong ones of another address:`,
    table(['at rest', 'beside them', 'ratio', 'bar', 'wrong ones answered'], [cells]),
  ].join('\n\n')
}

async function times(url: string, agent: Agent, count: number): Promise<number[]> {
  const taken: number[] = []
  for (let i = 0; i < count; i++) {
    const start = monotonic()
    const status = await logIn(url, agent, 'demo', 'Ch4ng31t')
    if (status !== 200) throw new Error(`a right login was answered ${status}`)
    taken.push(monotonic() - start)
  }
  return taken
}

/** Wrong logins without a pause, each by another name, so that none of them is refused unhashed. */
function flood(url: string, agent: Agent): { stop(): Promise<number> } {
  let going = true
  let sent = 0
  let hashed = 0
  const worker = async (): Promise<void> => {
    while (going) {
      sent += 1
      if ((await logIn(url, agent, `nobody-${sent}`, 'wrong')) === 401) hashed += 1
      // Whoever is one too many comes again after a moment: this is about hashing, not about sockets.
      else await pause(100)
    }
  }
  const workers = Array.from({ length: wrong }, worker)
  return {
    async stop() {
      going = false
      await Promise.all(workers)
      agent.destroy()
      return hashed
    },
  }
}

/** The status of a login by REST. */
function logIn(url: string, agent: Agent, username: string, password: string): Promise<number> {
  const headers = {
    'x-openam-username': username,
    'x-openam-password': password,
    'accept-api-version': 'resource=2.0',
    'content-type': 'application/json',
  }
  return new Promise((resolve, reject) => {
    request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
      .on('error', reject)
      .end()
  })
}
