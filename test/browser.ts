import type { HttpResponse } from '../src/base/http.ts'
import type { Sent, World } from './world.ts'
import { bodyOf, origin, requestOf } from './world.ts'

let machines = 0

/**
 * A browser that keeps cookies, against a world in memory, on a machine of its own, so that what is counted
 * by address for one counts for no other. Follows nothing by itself.
 */
export interface Browser {
  readonly cookies: Map<string, string>
  get(target: string, headers?: Readonly<Record<string, string>>): Promise<HttpResponse>
  post(
    target: string,
    form: Readonly<Record<string, string>> | string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<HttpResponse>
  /** Logs in by REST and keeps the session cookie; gives the token. */
  logIn(username?: string, password?: string, realm?: string): Promise<string>
}

export function browser(w: World): Browser {
  const cookies = new Map<string, string>()
  machines += 1
  const peer = `10.128.${(machines >> 8) & 255}.${machines & 255}`
  const send = async (method: string, target: string, sent: Sent): Promise<HttpResponse> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const http = requestOf(method, target, cookie === '' ? sent : { ...sent, cookie })
    const response = await w.serve({ ...http, peer })
    for (const line of [response.headers['set-cookie'] ?? []].flat()) keep(cookies, line)
    return response
  }
  return {
    cookies,
    get: (target, headers = {}) => send('GET', target, { headers }),
    post: (target, form, headers = {}) => send('POST', target, { form, headers }),
    async logIn(username = 'demo', password = 'Ch4ng31t', realm = 'alpha') {
      const headers = {
        'x-openam-username': username,
        'x-openam-password': password,
        'accept-api-version': 'resource=2.0, protocol=1.0',
        'content-type': 'application/json',
      }
      const response = await send(
        'POST',
        `${origin}/am/json/realms/root/realms/${realm}/authenticate`,
        { headers },
      )
      if (response.status !== 200) throw new Error(`not logged in: ${String(response.body)}`)
      return bodyOf(response).tokenId as string
    },
  }
}

function keep(cookies: Map<string, string>, line: string): void {
  const [pair = '', ...attributes] = line.split('; ')
  const eq = pair.indexOf('=')
  const gone = attributes.some((a) => /^max-age=0$/i.test(a) || /^expires=.*1970/i.test(a))
  if (gone) cookies.delete(pair.slice(0, eq))
  else cookies.set(pair.slice(0, eq), pair.slice(eq + 1))
}

/** Where a redirect leads. */
export function locationOf(response: HttpResponse): URL {
  return new URL(String(response.headers.location), origin)
}

/** The hidden fields and buttons of the first form of a page, by name; of buttons the first value. */
export function fieldsOf(page: HttpResponse): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const [tag] of String(page.body).matchAll(/<input\b[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(tag)?.[1]
    if (name === undefined || /type="checkbox"/.test(tag)) continue
    fields[name] = unescaped(/\bvalue="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  return fields
}

/** The address a page's form posts to. */
export function actionOf(page: HttpResponse): string {
  return unescaped(/<form\b[^>]*\baction="([^"]*)"/.exec(String(page.body))?.[1] ?? '')
}

function unescaped(text: string): string {
  return text
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
}
