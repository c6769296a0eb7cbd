import { actionOf, fieldsOf } from '../browser.ts'
import type { Answer, Wire } from '../wire.ts'

/** A browser over the wire: it keeps cookies, follows redirects within the server and sends forms. */
export interface WireBrowser {
  open(url: string): Promise<Answer>
  /** Sends the first form of a page with what was filled in. */
  send(page: Answer, filled: Readonly<Record<string, string>>): Promise<Answer>
}

export function wireBrowser(w: Wire): WireBrowser {
  const cookies = new Map<string, string>()
  const visit = async (url: string, form?: Readonly<Record<string, string>>): Promise<Answer> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const headers = { accept: 'text/html', origin: w.origin }
    const { pathname, search } = new URL(url, w.origin)
    const answer = await w.call(form === undefined ? 'GET' : 'POST', pathname + search, {
      headers,
      ...(cookie !== '' && { cookie }),
      ...(form !== undefined && { form }),
    })
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]*)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) cookies.delete(name)
      else cookies.set(name, value)
    }
    const to = answer.headers.location
    if (to === undefined || new URL(to, w.origin).origin !== w.origin) return answer
    return visit(to)
  }
  const page = ({ text }: Answer) => ({ status: 200, headers: {}, body: text })
  return {
    open: (url) => visit(url),
    send: (shown, filled) => visit(actionOf(page(shown)), { ...fieldsOf(page(shown)), ...filled }),
  }
}
