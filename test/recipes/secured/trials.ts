/**
 * What a library is tried with. Its program is asked for one trial by a line of JSON and answers by lines: `open`, an
 * authorization URL that is visited for it, and at last `done`, with what came of it. What it says of its tokens is then
 * asked of the server.
 */
import assert from 'node:assert/strict'
import { type Arrival, email, type Stage } from './stage.ts'

/** What a program says; `refused` is an arrival that it did not take: it waits for another one. */
export type Said =
  | { readonly open: string }
  | { readonly refused: string }
  | { readonly done: Facts }
  | { readonly failed: string }

/** What a program says at the end. */
interface Facts {
  /** Who signed in, as userinfo says. */
  readonly email?: string
  readonly access_token?: string
  /** RFC 7638 thumbprint of the key that it proves. */
  readonly jkt?: string
  /** Where it was answered `use_dpop_nonce`, in order. */
  readonly demanded?: readonly string[]
  /** What the server said instead of a code. */
  readonly error?: string
}

/** A program that runs. */
export interface Program {
  say(line: object): void
  hear(): Promise<Said>
}

export interface Trial {
  readonly name: string
  /** What it is of in a library: a column of the guide's table. */
  readonly of: 'dpop' | 'signed' | 'encrypted' | 'mtls'
  run(program: Program, stage: Stage): Promise<void>
}

const modes = ['jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt'] as const
type Mode = (typeof modes)[number]

export const trials: readonly Trial[] = [
  { name: 'DPoP, a nonce at each endpoint', of: 'dpop', run: withProofs },
  ...(['signed', 'encrypted'] as const).flatMap((of) =>
    modes.map(
      (mode): Trial => ({
        name: `${mode}, ${of}`,
        of,
        run: (program, stage) => withJwt(of, mode, program, stage),
      }),
    ),
  ),
  { name: 'tokens of a certificate', of: 'mtls', run: withCertificate },
]

async function withProofs(program: Program, stage: Stage): Promise<void> {
  program.say({ trial: 'dpop', client_id: 'dpop' })
  program.say(await stage.visit(await opened(program)))
  const facts = await doneBy(program)
  const { access_token = '', demanded = [], jkt } = facts
  const { ISSUER = '' } = stage.environment
  const endpoints = ['/par', '/access_token', '/userinfo'].map((path) => ISSUER + path)
  assert.deepEqual([facts.email, demanded], [email, endpoints])
  const known = await stage.introspect('dpop', access_token, 'secret')
  assert.deepEqual([known.active, known.cnf, known.token_type], [true, { jkt }, 'DPoP'])
  assert.equal(await stage.statusOf(access_token), 401)
}

async function withCertificate(program: Program, stage: Stage): Promise<void> {
  program.say({ trial: 'mtls', client_id: 'mtls' })
  program.say(await stage.visit(await opened(program)))
  const { access_token = '', ...facts } = await doneBy(program)
  assert.equal(facts.email, email)
  const known = await stage.introspect('mtls', access_token, 'certificate')
  assert.deepEqual([known.active, known.cnf], [true, { 'x5t#S256': stage.thumbprint }])
  assert.equal(await stage.statusOf(access_token), 401)
}

async function withJwt(
  of: 'signed' | 'encrypted',
  response_mode: Mode,
  program: Program,
  stage: Stage,
): Promise<void> {
  const order = { trial: 'jarm', client_id: of, encrypted: of === 'encrypted' }
  program.say({ ...order, more: { response_mode } })
  const arrival = await stage.visit(await opened(program))
  const { parameters, put } = placeOf(response_mode, arrival)
  assert.deepEqual([...parameters.keys()], ['response'])
  const jwt = parameters.get('response') ?? ''
  assert.equal(jwt.split('.').length, of === 'encrypted' ? 5 : 3)
  program.say(put(changed(jwt)))
  const first = await program.hear()
  assert.ok('refused' in first, `a changed answer was taken: ${JSON.stringify(first)}`)
  program.say(put(jwt))
  assert.equal((await doneBy(program)).email, email)
  // Somebody who would have to log in again, and may not be asked to (OIDC Core §3.1.2.1).
  program.say({ ...order, more: { response_mode, prompt: 'none', max_age: '0' } })
  program.say(await stage.visit(await opened(program)))
  assert.deepEqual(await doneBy(program), { error: 'interaction_required' })
}

/** Where the parameters of a mode stand in an arrival, and the same arrival with another `response`. */
function placeOf(mode: Mode, { url, body = '' }: Arrival) {
  const { search, hash } = new URL(url)
  const [page = ''] = url.split(/[?#]/)
  const places: Readonly<Record<string, readonly [string, (response: string) => Arrival]>> = {
    query: [search.slice(1), (response) => ({ url: `${page}?response=${response}` })],
    fragment: [hash.slice(1), (response) => ({ url: `${page}#response=${response}` })],
    form_post: [body, (response) => ({ url, body: `response=${response}` })],
  }
  // `jwt` is the default of the response type, which is the query for a code.
  const [text, put] = places[mode === 'jwt' ? 'query' : (mode.split('.')[0] ?? '')] ?? [
    '',
    () => ({ url }),
  ]
  return { parameters: new URLSearchParams(text), put }
}

/** The same with one sign of its last part, signature or tag, for another. */
function changed(jwt: string): string {
  const at = jwt.length - 10
  const sign = jwt[at] === 'A' ? 'B' : 'A'
  return jwt.slice(0, at) + sign + jwt.slice(at + 1)
}

async function opened(program: Program): Promise<string> {
  const said = await program.hear()
  assert.ok('open' in said, JSON.stringify(said))
  return said.open
}

async function doneBy(program: Program): Promise<Facts> {
  const said = await program.hear()
  assert.ok('done' in said, JSON.stringify(said))
  return said.done
}
