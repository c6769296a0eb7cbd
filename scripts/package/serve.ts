import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import type { Somebody } from './somebody.ts'

/** The client that pushes. */
const client = {
  client_id: 'app',
  secret: 'the secret of the app',
  redirect_uri: 'https://app.example/callback',
}

/** As a team has it in its repository. */
export const realms = `
realms:
  - path: /shop
    clients:
      - _id: ${client.client_id}
        coreOAuth2ClientConfig:
          userpassword: ${client.secret}
          redirectionUris: [${client.redirect_uri}]
          scopes: [notes]
    users:
      - { _id: ann, userpassword: a password of ann }
`

/** A command that serves, and how it is ended. */
export interface Served {
  /** SIGTERM, as a supervisor does. Gives what the command ended with, once the server has said that it stopped. */
  end(): Promise<number | NodeJS.Signals>
}

/** Starts a command that serves; resolves once it says so. */
export async function serve(
  { project, environment }: Somebody,
  program: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const child = spawn(program, args, {
    ...{ cwd: project, env: { ...environment, ...settings }, stdio: ['ignore', 'pipe', 'inherit'] },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  await new Promise<void>((started, failed) => {
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString()
      if (said.includes('server.started')) started()
    })
    child.once('close', () => failed(new Error(`${program} ${args.join(' ')} ended`)))
  })
  return {
    async end() {
      const closed = once(child, 'close')
      child.kill('SIGTERM')
      const [code, signal] = (await closed) as [number | null, NodeJS.Signals]
      assert.match(said, /server\.stopped/)
      return code ?? signal
    },
  }
}

/** Pushes an authorization request (RFC 9126); gives where a browser goes on. */
export async function push(issuer: string, ask = fetch): Promise<URL> {
  const { client_id, secret, redirect_uri } = client
  const answer = await ask(`${issuer}/par`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${client_id}:${secret}`)}` },
    body: new URLSearchParams({
      ...{ response_type: 'code', scope: 'notes', redirect_uri },
      code_challenge: createHash('sha256').update('verifier').digest('base64url'),
      code_challenge_method: 'S256',
    }),
  })
  const text = await answer.text()
  assert.equal(answer.status, 201, text)
  const { request_uri } = JSON.parse(text) as { request_uri: string }
  const query = new URLSearchParams({ client_id, request_uri }).toString()
  return new URL(`${issuer}/authorize?${query}`)
}

/** Opens what was pushed: the answer is the way to the login page, which has its style. */
export async function open(pushed: URL, ask = fetch): Promise<void> {
  const answer = await ask(pushed, { redirect: 'manual' })
  assert.equal(answer.status, 302, await answer.text())
  const login = new URL(answer.headers.get('location') ?? '', pushed)
  assert.equal(login.origin, pushed.origin)
  const page = await (await ask(login)).text()
  assert.match(page, /id="login_form"/)
  for (const [, path = ''] of page.matchAll(/<link [^>]*href="([^"]+)"/g)) {
    assert.equal((await ask(new URL(path, login))).status, 200, path)
  }
}
