import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { after, test } from 'node:test'
import type { SmtpServer } from './smtp.ts'
import { smtp } from './smtp.ts'

/** What a client said, line by line. */
const said: string[] = []
const refused = new Set<string>()

/** A mail server that takes everything but what `refused` has, and offers no TLS. */
const server = createServer((socket) => talk(socket)).listen(0, '127.0.0.1')
await once(server, 'listening')
after(() => server.close())

function talk(socket: Socket): void {
  let isData = false
  let rest = ''
  socket.write('220 mail.example ESMTP\r\n')
  socket.on('error', () => undefined)
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString()).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      said.push(line)
      if (isData && line !== '.') continue
      const [verb = ''] = line.split(' ')
      isData = verb === 'DATA'
      socket.write(refused.has(verb) ? '550 no\r\n' : answerTo(verb))
      if (verb === 'QUIT') socket.end()
    }
  })
}

function answerTo(verb: string): string {
  if (verb === 'EHLO') return '250-mail.example\r\n250 AUTH PLAIN LOGIN\r\n'
  if (verb === 'STARTTLS') return '502 no\r\n'
  return verb === 'DATA' ? '354 go on\r\n' : '250 ok\r\n'
}

const from = { name: 'Parapet', address: 'noreply@as.example' }
const letter = {
  to: { name: '', address: 'demo@example.com' },
  subject: 'Hello',
  text: 'How are you?',
}

function at(more: Partial<SmtpServer> = {}): SmtpServer {
  const { port } = server.address() as AddressInfo
  return { host: '127.0.0.1', port, tls: 'offered', ...more }
}

test('RFC 5321 a letter is handed to a server, for one address', async () => {
  said.length = 0
  await smtp(at(), from)(letter)
  assert.deepEqual(
    said.filter((line) => /^(?:MAIL|RCPT)/.test(line)),
    ['MAIL FROM:<noreply@as.example>', 'RCPT TO:<demo@example.com>'],
  )
  assert.ok(said.includes('Subject: Hello') && said.includes('How are you?'))
})

test('where TLS is required and not offered nothing is sent, and the password least of all', async () => {
  said.length = 0
  const known = { user: 'user', password: 'secret', tls: 'required' } as const
  await assert.rejects(smtp(at(known), from)(letter), { code: 'ETLS' })
  assert.equal(
    said.some((line) => /^(?:AUTH|MAIL)/.test(line)),
    false,
  )
})

test('what a server refuses for good is told with its code', async () => {
  refused.add('RCPT')
  await assert.rejects(smtp(at(), from)(letter), { code: 'EENVELOPE', responseCode: 550 })
  refused.clear()
})

test('S-1 a server that somebody else named is not reached at an inner address, by whatever name', async () => {
  said.length = 0
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '169.254.169.254'])
    await assert.rejects(smtp(at({ host }), from, true)(letter), { code: 'ENOTPUBLIC' })
  await assert.rejects(smtp(at({ host: 'nowhere.invalid' }), from, true)(letter), {
    code: 'ENOTFOUND',
  })
  assert.deepEqual(said, [])
})
