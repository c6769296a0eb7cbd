import { responseModes } from '../authorization/response-mode/index.ts'
import type { Form } from '../base/form.ts'
import { responseTypes } from '../protocol/response-type.ts'
import type { DemoCredentials } from './seed.ts'
import { demoClients, demoRealms } from './seed.ts'

/** One thing the start page lets a person choose. */
export interface Field {
  readonly name: string
  readonly label: string
  /** What it is before anything is changed; empty means it is not sent. */
  readonly start: string
  /** Absent: any text. */
  readonly choices?: readonly string[]
}

const realms = demoRealms.map((path) => path.slice(1))
const clients = demoClients('').map(({ client_id }) => client_id)

/** Where to, and as whom. */
export const partyFields: readonly Field[] = [
  { name: 'realm', label: 'Realm', start: 'alpha', choices: realms },
  { name: 'client_id', label: 'Client', start: 'myClient', choices: clients },
]

/** Parameters of the authorization request a person may choose; the others are made for each push. */
export const requestFields: readonly Field[] = [
  {
    name: 'response_type',
    label: 'response_type',
    start: 'code',
    choices: responseTypes.map(({ name }) => name),
  },
  { name: 'scope', label: 'scope', start: 'openid profile email' },
  { name: 'prompt', label: 'prompt', start: '', choices: ['', 'none', 'login', 'consent'] },
  {
    name: 'response_mode',
    label: 'response_mode',
    start: '',
    choices: ['', ...Object.keys(responseModes)],
  },
  { name: 'login_hint', label: 'login_hint', start: '' },
  { name: 'ui_locales', label: 'ui_locales', start: '' },
  { name: 'max_age', label: 'max_age', start: '' },
  { name: 'acr_values', label: 'acr_values', start: '' },
  { name: 'claims', label: 'claims', start: '' },
]

/** What was chosen. */
export interface Chosen {
  readonly realm: string
  readonly client_id: string
  readonly pkce: boolean
  /** Chosen parameters that are sent, in the order of the page. */
  readonly parameters: ReadonlyMap<string, string>
}

const longest = 500

/** Reads the start page's form; what it did not offer becomes what it began with. */
export function readChosen(form: Form): Chosen {
  const read = ({ name, start, choices }: Field): string => {
    const value = form.get(name) ?? ''
    return (choices?.includes(value) ?? value.length <= longest) ? value : start
  }
  const parameters = new Map<string, string>()
  for (const field of requestFields) {
    const value = read(field)
    if (value !== '') parameters.set(field.name, value)
  }
  const [realm, client] = partyFields.map(read)
  return {
    realm: realm as string,
    client_id: client as string,
    pkce: form.get('pkce') === 'on',
    parameters,
  }
}

/** What a request carries of a client. */
export interface Proof {
  readonly headers: Readonly<Record<string, string>>
  /** Names of those whose values no page may show. */
  readonly hidden?: readonly string[]
  readonly form: readonly (readonly [string, string])[]
}

/** RFC 6749 §2.3.1: how a demo client authenticates; a public one only says its name. */
export function proofOf(client_id: string, { secretOf, known }: DemoCredentials): Proof {
  const secret = secretOf(client_id)
  if (secret === undefined) return { headers: {}, form: [['client_id', client_id]] }
  const pair = `${encodeURIComponent(client_id)}:${encodeURIComponent(secret)}`
  const encoded = Buffer.from(pair).toString('base64')
  const headers = { authorization: `Basic ${encoded}` }
  return known ? { headers, form: [] } : { headers, hidden: ['authorization'], form: [] }
}
