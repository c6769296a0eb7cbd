/** What node:http itself costs: the form is parsed, an id made, 201 answered; nothing is checked or kept. */
import { createServer } from 'node:http'
import { random } from '../src/base/random.ts'
import { answerJson, benched } from './server.ts'

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    const request_uri = `urn:ietf:params:oauth:request_uri:${random(32).toString('base64url')}`
    answerJson(response, form.size > 0 ? 201 : 400, { request_uri, expires_in: 90 })
  })
})
server.listen(0, '127.0.0.1', () =>
  benched(`http://localhost:${(server.address() as { port: number }).port}`),
)
