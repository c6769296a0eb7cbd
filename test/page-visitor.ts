/** A browser without a screen: it keeps cookies, follows redirects within a site, and sends the forms of its pages. */
import { elements } from './html-tree.ts'

/** Where a visit ended. */
export interface Shown {
  readonly url: URL
  readonly status: number
  readonly page: string
}

export interface Visitor {
  /** Opens an address; what leads away from the site is not opened, and has status 0. */
  open(url: URL): Promise<Shown>
  /** Sends the form of that id, with what a person filled in or pressed. */
  send(shown: Shown, form: string, filled: Readonly<Record<string, string>>): Promise<Shown>
}

export function visitor(site: string, ask: typeof fetch): Visitor {
  const cookies = new Map<string, string>()
  const visit = async (url: URL, body?: URLSearchParams): Promise<Shown> => {
    if (url.origin !== site) return { url, status: 0, page: '' }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await ask(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'text/html', cookie },
      redirect: 'manual',
      ...(body !== undefined && { body }),
    })
    for (const line of answer.headers.getSetCookie()) keep(cookies, line)
    const location = answer.headers.get('location')
    if (location !== null) return visit(new URL(location, url))
    return { url, status: answer.status, page: await answer.text() }
  }
  return {
    open: (url) => visit(url),
    send({ url, page }, id, filled) {
      const whole = formOf(page, id)
      const [form] = elements(whole, 'form')
      const fields = elements(whole, 'input').map(({ attributes }) => attributes)
      const hidden = fields.filter((each) => each.get('type') === 'hidden')
      const body = new URLSearchParams([
        ...hidden.map((each): [string, string] => [
          each.get('name') ?? '',
          each.get('value') ?? '',
        ]),
        ...Object.entries(filled),
      ])
      return visit(new URL(form?.attributes.get('action') ?? '', url), body)
    },
  }
}

function formOf(page: string, id: string): string {
  const from = page.indexOf(`<form id="${id}"`)
  if (from < 0) throw new Error(`the page has no form ${id}:\n${page}`)
  return page.slice(from, page.indexOf('</form>', from))
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const eq = pair.indexOf('=')
  if (attributes.includes('Max-Age=0')) cookies.delete(pair.slice(0, eq))
  else cookies.set(pair.slice(0, eq), pair.slice(eq + 1))
}
