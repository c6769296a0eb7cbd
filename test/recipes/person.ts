/** Somebody at a browser without a screen, who goes wherever it is sent, logs in where asked to, and allows. */
import { elements } from '../html-tree.ts'

/** Where a visit ended. */
export interface Arrived {
  readonly url: URL
  readonly status: number
  readonly text: string
}

export interface Person {
  /** Opens an address and goes on until a page is there that asks for nothing of this server's. */
  visit(address: string | URL, sent?: RequestInit): Promise<Arrived>
  /** Opens an address as it is: nothing is followed. */
  ask(address: string | URL, sent?: RequestInit): Promise<Response>
}

const username = 'ann'
export const password = 'a password of ann'
export const email = 'ann@example.com'

/** How often a browser may be sent on; more is a loop. */
const most = 30

export function person(server: string): Person {
  // As every browser does, without regard to ports: cookies belong to the name `localhost`.
  const cookies = new Map<string, string>()
  const ask = async (address: string | URL, sent: RequestInit = {}): Promise<Response> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = {
      accept: 'text/html,*/*;q=0.8',
      cookie,
      ...(sent.headers as Record<string, string>),
    }
    const answer = await fetch(address, { ...sent, headers, redirect: 'manual' })
    for (const line of answer.headers.getSetCookie()) keep(cookies, line)
    return answer
  }
  const visit = async (
    address: string | URL,
    sent: RequestInit = {},
    left = most,
  ): Promise<Arrived> => {
    if (left === 0) throw new Error(`sent on and on, at last to ${String(address)}`)
    const url = new URL(address)
    const answer = await ask(url, sent)
    const location = answer.headers.get('location')
    if (location !== null) return visit(new URL(location, url), {}, left - 1)
    const text = await answer.text()
    const next = url.origin === server ? filledIn(url, text) : undefined
    if (next !== undefined) return visit(next.action, next.sent, left - 1)
    return { url, status: answer.status, text }
  }
  return { visit: (address, sent) => visit(address, sent), ask }
}

/** The form of a page, with what a person writes and presses; nothing when the page asks for nothing. */
function filledIn(url: URL, page: string): { action: URL; sent: RequestInit } | undefined {
  const [form] = elements(page, 'form')
  if (form?.attributes.get('method')?.toLowerCase() !== 'post') return undefined
  const body = new URLSearchParams()
  for (const { attributes } of elements(page, 'input')) {
    const name = attributes.get('name')
    if (name === undefined || attributes.get('type') === 'checkbox') continue
    const typed = { text: username, password }[attributes.get('type') ?? 'text']
    body.append(name, typed ?? attributes.get('value') ?? '')
  }
  const [button] = elements(page, 'button').filter(
    ({ attributes }) => attributes.get('class') === 'primary',
  )
  const pressed = button?.attributes.get('name')
  if (pressed !== undefined) body.append(pressed, button?.attributes.get('value') ?? '')
  const action = new URL(form.attributes.get('action') ?? '', url)
  return { action, sent: { method: 'POST', body } }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split(/; ?/)
  const eq = pair.indexOf('=')
  const gone = attributes.some((each) => /^max-age=0$/i.test(each) || /^expires=.*1970/i.test(each))
  if (gone) cookies.delete(pair.slice(0, eq))
  else cookies.set(pair.slice(0, eq), pair.slice(eq + 1))
}
