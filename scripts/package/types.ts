import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Somebody } from './somebody.ts'

/** A test of somebody's application, as far as it can be without one. */
export const testing = `import { createHash } from 'node:crypto'
import { startParapet } from 'parapet/testing'

const config = {
  realms: [
    {
      path: '/alpha',
      clients: [
        {
          _id: 'app',
          coreOAuth2ClientConfig: {
            userpassword: 'the secret of the app',
            redirectionUris: ['https://app.example/callback'],
            scopes: ['notes'],
          },
        },
      ],
      users: [{ _id: 'ann' }],
    },
  ],
}
const parapet = await startParapet({ config })
await fetch(\`\${parapet.issuer()}/par\`, {
  method: 'POST',
  headers: { authorization: \`Basic \${btoa('app:the secret of the app')}\` },
  body: new URLSearchParams({
    response_type: 'code',
    scope: 'notes',
    redirect_uri: 'https://app.example/callback',
    code_challenge: createHash('sha256').update('verifier').digest('base64url'),
    code_challenge_method: 'S256',
  }),
})
const { header } = await parapet.logIn('ann')
const pushes = parapet.pushes()
await parapet.stop()
console.log(pushes.map(({ state, client_id }) => \`\${state} by \${client_id}\`).join(), header.length > 40)
`

/** Types alone, without a line that names Node’s. */
const typesAlone = `import { type Decision, type Fault, type Parapet, type Push, startParapet } from 'parapet/testing'

const parapet: Parapet = await startParapet()
const fault: Fault = 'store'
parapet.fail(fault)()
const pushes: readonly Push[] = parapet.pushes()
export const scopes: readonly (readonly string[] | undefined)[] = pushes.map((push) => {
  const decision: Decision | undefined = push.decision
  return decision?.allowed === true ? decision.scope : undefined
})
/** Types that had become \`any\` would take everything. */
export const isNarrow: 'weather' extends Fault ? false : true = true
`

const library = `import {
  endpoints,
  type HttpRequest,
  type HttpResponse,
  OAuthError,
  openStores,
  type Realm,
  type Serve,
} from 'parapet'

export const paths: readonly string[] = endpoints.map(({ path }) => path)
export const status = async (serve: Serve, asked: HttpRequest): Promise<number> => {
  const answer: HttpResponse = await serve(asked)
  return answer.status
}
export const open = openStores
export const pathOf = (realm: Realm): string => realm.path
export const isOurs = (thrown: unknown): boolean => thrown instanceof OAuthError
`

const kinds = [
  ['nodenext', 'nodenext'],
  ['esnext', 'bundler'],
] as const

/** Compiles what uses the package, strictly and with all its declarations, by each of these compilers. */
export function compile({ project, environment }: Somebody, compilers: readonly string[]): void {
  const sources = { 'types-alone.ts': typesAlone, 'test.ts': testing, 'library.ts': library }
  const names = Object.keys(sources)
  for (const [name, text] of Object.entries(sources)) writeFileSync(join(project, name), text)
  for (const compiler of compilers) {
    for (const [module, moduleResolution] of kinds) {
      // The first by itself too: another may bring the types that it lacks.
      for (const files of module === 'nodenext' ? [names.slice(0, 1), names] : [names]) {
        const options = ['--noEmit', '--strict', '--skipLibCheck', 'false', '--target', 'es2022']
        const chosen = ['--module', module, '--moduleResolution', moduleResolution]
        const { status, stdout } = spawnSync(
          process.execPath,
          [compiler, ...options, ...chosen, ...files],
          { cwd: project, env: environment, encoding: 'utf8' },
        )
        assert.equal(status, 0, `${compiler} --module ${module} ${files.join(' ')}:\n${stdout}`)
      }
    }
  }
}

/** What a published package may hold: what is run, what it reads, declarations, and papers. */
export function strangeFiles(folder: string): readonly string[] {
  const known =
    /^(?:dist\/[\w./-]+\.(?:js|d\.ts|css|svg|json|sql)|package\.json|[A-Z]+(?:\.md)?|packaging\/[\w./-]+|docs\/[\w./-]+\.md)$/
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => resolve(parentPath, name).slice(resolve(folder).length + 1))
    .filter((path) => !known.test(path) || /\.(?:test|suite)\./.test(path))
}
