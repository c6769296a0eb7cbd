import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { base64url } from '../../base/bytes.ts'
import { random } from '../../base/random.ts'
import type { Configured } from '../../config/document/at-start.ts'
import { applyByHand } from '../../config/document/at-start.ts'
import { realmAt, siteOf } from '../../config/document/step.ts'
import { readDocumentText } from '../../config/document/text.ts'
import { documentProblemLine } from '../../config/document/told.ts'
import { userKind } from '../../config/user.ts'
import { problemLine } from '../../protocol/problem.ts'
import { realmOfQuery } from '../../realm/locate.ts'
import { reasonFor } from '../../store/reason-for.ts'
import { besideRealms, readServerSettings, type Settings } from '../settings.ts'
import { type Command, complainOf, type Options, type World } from './command.ts'
import { referencesOf } from './configuration.ts'
import { setPassword } from './object/admin.ts'
import { passwordOptions, readPassword } from './object/password.ts'

/** `parapet init`: asks four questions, writes a configuration, and makes the store it is served with. */
export const init: Command = {
  name: 'init',
  usage: '[<file>] [--password-file <file>]',
  about:
    'Ask four questions, write parapet.yaml or the file that is named, and make its store with a realm and an administrator',
  options: { 'password-file': passwordOptions['password-file'] },
  words: { least: 0, most: 1 },

  async run(world, options, [file = 'parapet.yaml']) {
    if (existsSync(file)) return complained(world, [`${file}: is there already; name another one`])
    const answers = await ask(world, options)
    const wrong = problemsWith(answers)
    if (wrong.length > 0) return complained(world, wrong)
    const text = documentOf(answers, resolve(dirname(file), 'data'))
    const read = await readDocumentText(text)
    if ('problem' in read) return complained(world, [problemLine(read.problem)])
    const { document } = read
    const { settings, problems } = readServerSettings(world.environment, {
      path: file,
      text,
      document,
    })
    if (settings === undefined) return complained(world, problems)
    const configured = { parts: [{ file, document }], references: referencesOf(world) }
    const { password = base64url(random(15)) } = answers
    const unwritten = written(file, text)
    if (unwritten !== undefined) return complained(world, [unwritten])
    const left = await make(world, settings, configured, password)
    if (left.length > 0) {
      rmSync(file)
      return complained(world, left)
    }
    const made = answers.password === undefined ? `the password of amadmin is ${password}\n` : ''
    world.print(`${made}wrote ${file}: parapet serve --config ${file}\n`)
    return 0
  },
}

/** Writes a file that is not there yet; what is wrong where it cannot be. */
function written(file: string, text: string): string | undefined {
  try {
    writeFileSync(file, text, { flag: 'wx' })
    return undefined
  } catch (error) {
    return `${file}: cannot be written (${(error as NodeJS.ErrnoException).code})`
  }
}

interface Answers {
  /** Where clients reach the server. */
  readonly url: string
  /** Of the server itself; none: it speaks http, or a proxy does TLS. */
  readonly tls: readonly [cert: string, key: string] | undefined
  readonly realm: string
  /** None: one is made. */
  readonly password: string | undefined
  readonly problem?: string
}

async function ask(world: World, options: Options): Promise<Answers> {
  const question = async (text: string): Promise<string> =>
    ((await world.ask(text, false)) ?? '').trim()
  const url = (await question('Where clients reach the server [http://localhost:8080]: ')) || local
  const files = await question(
    'TLS certificate and key, PEM files parted by a comma [none; of https a proxy takes care]: ',
  )
  const [cert, key = ''] = files.split(',').map((each) => each.trim())
  const realm = (await question('Realm for clients and users [/alpha]: ')) || '/alpha'
  const rest = {
    url,
    tls: cert ? ([cert, key] as const) : undefined,
    realm: `/${realm.replace(/^\//, '')}`,
  }
  if (options['password-file'] !== undefined) {
    const read = await readPassword(world, options)
    if ('problem' in read) return { ...rest, password: undefined, problem: read.problem }
    return { ...rest, password: read.password }
  }
  const typed = await world.ask('Password for the administrator amadmin [one is made]: ', true)
  return { ...rest, password: typed || undefined }
}

const local = 'http://localhost:8080'

/** What of the answers no setting would find wrong. */
function problemsWith({ url, tls, realm, problem }: Answers): readonly string[] {
  const problems = problem === undefined ? [] : [problem]
  const parsed = URL.parse(url)
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    problems.push(`${url}: must be an address such as https://as.example`)
  if (tls !== undefined && parsed?.protocol === 'http:')
    problems.push(`${url}: with a certificate it must begin with https`)
  if (realmOfQuery(realm) === undefined)
    problems.push(`${realm}: must be the path of a realm, such as /alpha`)
  return problems
}

/** Where to listen for those who come by such a name: what only this machine can ask for, or all it has of that kind. */
function hostFor(hostname: string): string {
  if (hostname === 'localhost') return '127.0.0.1'
  if (hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname))
    return hostname.replace(/[[\]]/g, '')
  return hostname.startsWith('[') ? '::' : '0.0.0.0'
}

/** With paths in full, so that it does not matter where the server is started. */
function documentOf({ url, tls, realm }: Answers, data: string): string {
  const { protocol, port, hostname } = new URL(url)
  const behindProxy = protocol === 'https:' && tls === undefined
  const usual = protocol === 'https:' ? '443' : '80'
  const settings = {
    baseUrls: [url],
    host: behindProxy ? '127.0.0.1' : hostFor(hostname),
    port: behindProxy ? 8080 : Number(port || usual),
    data,
    ...(tls && { tlsCert: resolve(tls[0]), tlsKey: resolve(tls[1]) }),
  }
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
  return `# Written by parapet init. What may stand here: parapet help, and docs/guide/configuration.md
${lines.join('\n')}

realms:
  - path: ${JSON.stringify(realm)}
    # clients:
    #   - _id: web
    #     coreOAuth2ClientConfig: { redirectionUris: [https://rp.example/cb], userpassword: '\${env:WEB_SECRET}' }
    # users:
    #   - username: ann
    #     userpassword: '\${file:/run/secrets/ann}'
`
}

/** Makes the store, or what one that is there lacks; what keeps it from being served then. */
async function make(
  world: World,
  settings: Settings,
  { parts, references }: Configured,
  password: string,
): Promise<readonly string[]> {
  try {
    const wrong = await world.withRealms(settings, 'make', async (realms) => {
      const options = { by: 'parapet init', references, beside: besideRealms }
      const applied = await applyByHand(realms, parts, options)
      if ('problems' in applied) return applied.problems.map(documentProblemLine)
      const root = await realmAt(siteOf(realms, 'init', references), '/')
      // Who is administrator of a store that is there already stays so.
      if (root === undefined || (await userKind.read(root, 'amadmin')) !== undefined) return []
      return setPassword(root, 'amadmin', password)
    })
    return wrong.length > 0 ? wrong : await world.startProblems(settings, { parts, references })
  } catch (error) {
    return [reasonFor(error)]
  }
}

function complained(world: World, problems: readonly string[]): number {
  complainOf(world, problems, 'with the answers')
  return 1
}
